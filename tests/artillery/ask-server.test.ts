import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadBack } from '../../model/index.ts';
import { askServer, type Questions } from '../../plugin/src/artillery/shared/ask-server.ts';
import { raceSchema } from '../../plugin/src/config/schema.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';

let server: http.Server | undefined;
afterEach(() => server?.close().closeAllConnections());

/**
 * Asks about A, B and C with two retries. `answers` decides by the number of the request what the server answers, if it does.
 */
async function ask(
  answers: (number: number) => boolean | object,
  more: Partial<Questions> & { settleMs?: number } = {},
) {
  const { settleMs = 0, ...questions } = more;
  const asked: string[] = [];
  const told: ReadBack[] = [];
  server = http.createServer(({ url = '' }, response) => {
    asked.push(url.slice(1));
    const answer = answers(asked.length);
    if (answer) response.end(JSON.stringify(answer === true ? { status: 'available' } : answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const settings = raceSchema.shape.readBack.parse({ path: '/{seat}', timeoutMs: 100, settleMs, retries: 2 });
  if (settings === undefined) throw new Error('the read-back is off');
  const answered = await askServer({
    when: 'after',
    settings,
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: ['A', 'B', 'C'],
    rawHeaders: [],
    tls: {},
    wire: 'http1',
    now: () => performance.now(),
    blotter: createBlotter(),
    told: (answer) => told.push(answer),
    ...questions,
  });
  return { asked: asked.join(''), said: answered.map(({ inventory, kind }) => `${inventory} ${kind}`), answered, told };
}

describe('the read-back', () => {
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
