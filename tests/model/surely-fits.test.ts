import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { RECORDS } from '../../model/history-file.ts';
import type { Attempt, Intent, ReadBack } from '../../model/index.ts';
import { surelyFits } from '../../model/surely-fits.ts';
import { cutOff, ok, pending, refused, round, unanswered } from '../support/histories.ts';
import { wrongDocument } from '../support/wrong-documents.ts';

const intent: Intent = { operation: 'hold', units: 2, parts: ['a'], from: 1, to: '2026-01-02T10:00Z', user: 'ann' };
const headers: [string, string][] = [['accept', 'application/json']];
const attempts: readonly Attempt[] = [
  ...round(1, 'A', [ok(), refused(), unanswered(), pending('order-1'), cutOff()]),
  ...round(2, 'B', [ok()]).map((attempt) => ({
    ...attempt,
    ...intent,
    visit: 2,
    machine: 3,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    request: { method: 'POST', url: 'http://127.0.0.1/orders', headers, body: '{}' },
    grantedIds: ['seat-1'],
  })),
  ...round(3, 'C', [refused()]).map((attempt) => ({ ...attempt, units: '12.50', judged: false as const })),
];
const readBacks: readonly ReadBack[] = [
  { inventory: 'A', when: 'after', kind: 'read', units: 1, orderIds: ['order-1'], owners: ['ann'], counts: false },
  { inventory: 'A', when: 'before', kind: 'unreadable', error: 'timeout' },
];
const samples: readonly (readonly [keyof typeof RECORDS, unknown])[] = [
  ...attempts.map((attempt) => ['attempt', attempt] as const),
  ...readBacks.map((readBack) => ['read-back', readBack] as const),
  ['problem', { reason: 'a request broke', vu: 3 }],
  ['end', { endedAt: '2026-01-02T03:04:15.000Z', atMs: 10, reason: 'completed' }],
];

describe('a value surely fits its schema', () => {
  it.each(samples)('where it is a right record: %s %j', (type, value) => {
    expect(surelyFits(RECORDS[type])(value)).toBe(true);
  });

  it('only where the schema accepts it: of changed records, some fit and none wrongly', () => {
    const tests = { attempt: surelyFits(RECORDS.attempt), 'read-back': surelyFits(RECORDS['read-back']) };
    let fitting = 0;
    const changed = fc
      .constantFrom(...samples)
      .chain(([type, value]) =>
        wrongDocument(value).map((wrong) => [type, JSON.parse(JSON.stringify(wrong ?? null)) as unknown] as const),
      );
    fc.assert(
      fc.property(changed, ([type, value]) => {
        const fits = type in tests ? tests[type as keyof typeof tests] : surelyFits(RECORDS[type]);
        if (!fits(value)) return;
        fitting++;
        expect(RECORDS[type].safeParse(value).error).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    expect(fitting).toBeGreaterThan(0);
  });

  it.each([
    ['a field that the schema does not name', z.object({ a: z.string().exactOptional() }), { b: 1 }],
    ['a field without a value', z.object({ a: z.string() }), {}],
    ['a whole number that a double may have rounded', z.number(), 2 ** 53],
    ['a number that is too large', z.int().min(0), Infinity],
    ['a number below the smallest one', z.number().min(0), -1],
    ['the smallest number, where it is not allowed', z.number().gt(0), 0],
    ['a number above the largest one', z.number().max(1), 2],
    ['a fraction', z.int(), 0.5],
    ['a number of another format', z.int32(), 2 ** 40],
    ['a text that breaks a rule', z.string().min(1), ''],
    ['an unknown tag', z.discriminatedUnion('k', [z.object({ k: z.literal('a') })]), { k: 'b' }],
    ['a list of the wrong length', z.tuple([z.string()]), ['a', 'b']],
    ['what the schema checks by code', z.array(z.string()).refine(() => false), []],
    ['a schema that it does not know', z.unknown(), 1],
  ])('but not %s', (_, schema, value) => {
    expect(surelyFits(schema)(value)).toBe(false);
  });
});
