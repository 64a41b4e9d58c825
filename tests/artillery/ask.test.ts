import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadBack } from '../../model/index.ts';
import { ask as askBook, type Questions } from '../../plugin/src/artillery/launcher/books/ask.ts';
import { httpBook } from '../../plugin/src/artillery/launcher/books/http-book.ts';
import { subjectsOf } from '../../plugin/src/artillery/launcher/books/subjects.ts';
import { raceSchema } from '../../plugin/src/config/schema.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';

let server: http.Server | undefined;
afterEach(() => server?.close().closeAllConnections());

/**
 * Asks about A, B and C with two retries. `answers` decides by the number of the request what the server answers, if it does.
 */
async function ask(
  answers: (number: number) => boolean | object,
  more: Partial<Questions> & { settleMs?: number; keys?: readonly string[]; rules?: object } = {},
) {
  const { settleMs = 0, keys = ['A', 'B', 'C'], rules = { path: '/{seat}' }, ...questions } = more;
  const asked: string[] = [];
  const told: ReadBack[] = [];
  server = http.createServer(({ url = '' }, response) => {
    asked.push(url.slice(1));
    const answer = answers(asked.length);
    if (answer) response.end(JSON.stringify(answer === true ? { status: 'available' } : answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const [book] = raceSchema.shape.readBack.parse({ ...rules, timeoutMs: 100, settleMs, retries: 2 }) ?? [];
  if (book?.kind !== 'http') throw new Error('the read-back is off');
  const now = () => performance.now();
  const said = await askBook({
    when: 'after',
    book: httpBook(book, {
      target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      tls: {},
      wire: 'http1',
      now,
      blotter: createBlotter(),
      signedIn: async () => ({}),
    }),
    subjects: keys.flatMap((key) => subjectsOf({ key, capacity: 1 })),
    rawHeaders: [],
    now,
    blotter: createBlotter(),
    told: (answer) => told.push(answer),
    ...questions,
  });
  const answered = said.map(({ readBack }) => readBack);
  return { asked: asked.join(''), said: answered.map(({ inventory, kind }) => `${inventory} ${kind}`), answered, told };
}

describe('the read-back', () => {
  it('is unreadable, and goes on, where its paths do not fit the key', async () => {
    const { answered } = await ask(() => ({ A: { status: 'available' } }), {
      keys: ['A', '1.5'],
      rules: { path: '/{seat}', each: '$[{key}]' },
    });
    expect(answered).toMatchObject([
      { kind: 'read', units: 0 },
      { kind: 'unreadable', error: expect.stringMatching(/^the answer cannot be read: unexpected token/) },
    ]);
  });

  it('asks again after no answer', async () => {
    expect(await ask((number) => number > 2)).toMatchObject({
      asked: 'AAABC',
      said: ['A read', 'B read', 'C read'],
    });
  });

  it('asks a server that never answers about each key, and repeats only the first question', async () => {
    expect(await ask(() => false)).toMatchObject({
      asked: 'AAABC',
      said: ['A unreadable', 'B unreadable', 'C unreadable'],
    });
  });

  it('repeats questions again after the server has answered', async () => {
    // No answer about A; one about B; and about C only the second time.
    expect(await ask((number) => number === 4 || number === 6)).toMatchObject({
      asked: 'AAABCC',
      said: ['A unreadable', 'B read', 'C read'],
    });
  });
});

describe('a queue that may still be deciding', () => {
  const orders = (...ids: string[]) => ({ status: ids.length > 0 ? 'booked' : 'available', order_ids: ids });
  const idsOf = (answers: readonly ReadBack[]) =>
    answers.map((answer) =>
      answer.kind === 'read' ? [answer.inventory, answer.units, answer.unsettled ?? false] : [],
    );

  it('is asked until two answers in a row agree', async () => {
    const { asked, answered, told } = await ask(() => orders(), {
      settleMs: 200,
      keys: ['A', 'B'],
      restless: ['B'],
    });
    expect(asked).toBe('ABB');
    expect(idsOf(answered)).toEqual([
      ['A', 0, false],
      ['B', 0, false],
    ]);
    expect(told).toHaveLength(3);
  });

  it('is asked for at most as long again, and the last answer counts', async () => {
    const { asked, answered, told } = await ask(
      (number) => orders(...Array.from({ length: number }, (_, id) => `${id}`)),
      {
        settleMs: 30,
        keys: ['A'],
        restless: ['A'],
      },
    );
    expect(asked.length).toBeGreaterThan(1);
    expect(idsOf(answered)).toEqual([['A', asked.length, true]]);
    expect(told.at(-1)).toEqual(answered[0]);
  });

  it('is not asked again where nothing is pending', async () => {
    expect((await ask(() => orders('x'), { settleMs: 30, keys: ['A'] })).asked).toBe('A');
  });

  it('agrees with itself whatever the order of its ids', async () => {
    const { asked, answered } = await ask((number) => (number === 1 ? orders('x', 'y') : orders('y', 'x')), {
      settleMs: 30,
      keys: ['A'],
      restless: ['A'],
    });
    expect([asked, ...idsOf(answered)]).toEqual(['AA', ['A', 2, false]]);
  });
});

it('a server that only says "taken" is not asked again for more than one unit', async () => {
  const taken = () => ({ status: 'booked' });
  expect((await ask(taken, { keys: ['A'], leastUnits: () => 5 })).asked).toBe('A');
  expect((await ask(() => true, { keys: ['A'], leastUnits: () => 5 })).asked).toBe('AAA');
});

it('keeps ids as whole as those in the answers to the contenders', async () => {
  const long = 'x'.repeat(300);
  const ids = [`${long}1`, `${long}2`];
  const { answered } = await ask(() => ({ status: 'booked', order_ids: ids }), { keys: ['A'] });
  const [one, other] = answered[0]?.kind === 'read' ? answered[0].orderIds : [];
  expect(one).toMatch(/^x{100}…#[0-9a-f]{64}$/);
  expect(one).not.toBe(other);
});
