import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RECORDS } from '../../model/history-file.ts';
import type { HistoryRecord } from '../../model/index.ts';
import { lineOf, outcomeReader, readOwnership, readRows } from '../../plugin/src/recording/index.ts';
import { functionReader } from '../../plugin/src/recording/outcome-function.ts';
import { answerReader, type ReadBackRules, type Reading } from '../../plugin/src/recording/read-back.ts';
import { createBlotter } from '../../plugin/src/recording/secrets/index.ts';
import { byStatus, reply } from './replies.ts';

// A record that cannot be read again leaves the run without a verdict: a server could hide its own double sale.

const nines = '9'.repeat(60);
/** Numbers as an answer may write them, and what is none. */
const token = fc.oneof(
  fc.constantFrom('0', '-0', '1', '1.50', '-9223372036854775808', '9007199254740991', '9007199254740993'),
  fc.constantFrom(nines, `-${nines}`, `${nines}.${nines}`, `0.${nines}`, '1e20', '1e21', '1e400', '5e-17', '-5e-324'),
  fc.constantFrom('null', 'true', '""', '"12.50"', '"-7"', '"\\ud800"', '{}', '[1]', '[]'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt().map(String),
);
const tokens = fc.array(token, { maxLength: 3 });
const body = fc
  .record({ numbers: tokens, ids: tokens, status: fc.constantFrom('"booked"', '"available"', '7') })
  .map(({ numbers, ids, status }) => {
    const parts = numbers.map((number) => `{"n":${number},"ids":[${ids}],"status":${status}}`);
    return `{"n":[${numbers}],"ids":[${ids}],"status":${status},"parts":[${parts}]}`;
  });

const how = fc.constantFrom<Omit<ReadBackRules, 'orderIds'>>(
  {},
  { units: '$.n' },
  { units: '$.n[*]', owners: '$.ids[*]' },
  { remaining: '$.n' },
  { remaining: '$.n[*]' },
  { units: { text: '/\\d+/g' } },
  { remaining: { text: '/-?[\\d.e+-]+/g' } },
  { holds: { pay: { body: { '$.status': 'booked' } }, cancel: { has: ['$.ids'] } } },
);
const rules = fc
  .tuple(
    how,
    fc.constantFrom<Partial<ReadBackRules>>({}, { each: '$.parts[*]' }, { each: '$.parts[*]', absent: 'free' }),
  )
  .map(([one, other]): ReadBackRules => ({ orderIds: '$.ids[*]', ...one, ...other }));
const subject = fc
  .constantFrom<number | string>(1, 5, '12.50', nines, `0.${nines}`)
  .map((capacity) => ({ key: 'A', values: { key: 'A' }, capacity }));

function expectReadable({ type, ...record }: HistoryRecord) {
  const line: unknown = JSON.parse(lineOf({ type, ...record } as HistoryRecord));
  expect(RECORDS[type].safeParse(line).error?.issues, JSON.stringify(record)).toBeUndefined();
}

function expectReadBack(reading: Reading) {
  const kind = 'error' in reading ? 'unreadable' : 'read';
  expectReadable({ type: 'read-back', inventory: 'A', when: 'after', kind, ...reading } as HistoryRecord);
}

it('is readable again, whatever the server answers to a read-back', () => {
  const large = '{"parts":[{"n":9000000000000000},{"n":9000000000000000}]}';
  const examples: [ReadBackRules, string, { key: string; values: { key: string }; capacity: number }][] = [
    [
      { orderIds: '$.ids[*]', each: '$.parts[*]', units: '$.n' },
      large,
      { key: 'A', values: { key: 'A' }, capacity: 1 },
    ],
  ];
  fc.assert(
    fc.property(rules, body, subject, (some, text, about) =>
      expectReadBack(answerReader(some)(reply(200, text), about)),
    ),
    { examples },
  );
});

it('is readable again, whatever a function or a statement returns', () => {
  const number = fc.oneof(
    fc.double(),
    fc.maxSafeInteger(),
    token,
    fc.bigInt(),
    fc.constantFrom(0.3 - 0.1 * 3, -0, null),
  );
  const one = fc.record({ units: number, remaining: number, orderIds: fc.array(number) }, { requiredKeys: [] });
  fc.assert(fc.property(one, subject, (returned, about) => expectReadBack(readOwnership(returned, about))));
  const columns = fc.constantFrom('units', 'remaining', 'order_id', 'owner');
  fc.assert(
    fc.property(columns, fc.array(number), subject, (column, cells, about) =>
      expectReadBack(readRows({ columns: [column], rows: cells.map((cell) => [cell]) }, about)),
    ),
  );
});

it('is readable again, whatever the raced requests are answered', async () => {
  const blotter = createBlotter();
  const read = { ...byStatus, units: '$.n[*]', granted: '$.ids[*]', orderId: '$.ids[0]' };
  const attempt = { round: 1, inventory: 'A', vu: 1, completedAtMs: 1 };
  const given = fc.record({
    outcome: fc.constantFrom<'ok' | 'info' | 'fail'>('ok', 'info', 'fail'),
    units: fc.oneof(fc.double(), token),
    orderId: fc.oneof(fc.double(), token),
  });
  const status = fc.constantFrom(200, 202, 409, 503, 599);
  await fc.assert(
    fc.asyncProperty(status, body, given, async (code, text, returned) => {
      const answer = reply(code, text);
      const options = { name: 'f', read: () => returned, maxBodyBytes: 1e6, limitMs: 1000, blotter, problem: () => {} };
      const byFunction = await functionReader(read, options)(answer, { headers: {} }, attempt);
      for (const conclusion of [outcomeReader(read)(answer, { headers: {} }), byFunction])
        expectReadable({ type: 'attempt', ...attempt, ...conclusion });
    }),
    { examples: [[200, `{"n":[${nines},${nines}]}`, { outcome: 'ok', units: 1, orderId: 1 }]] },
  );
});
