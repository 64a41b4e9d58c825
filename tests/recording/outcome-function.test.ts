import { describe, expect, it, vi } from 'vitest';
import { functionReader, type ReadAnswer } from '../../plugin/src/recording/outcome-function.ts';
import { createBlotter } from '../../plugin/src/recording/secrets/index.ts';
import { byStatus, reply } from './replies.ts';

const attempt = { round: 1, inventory: 'A1', vu: 7, user: 'ann' };
const blotter = createBlotter();
const problem = vi.fn<(reason: string) => void>();

const reader = (read: unknown, rules = {}, limitMs = 1000) =>
  functionReader(
    { ...byStatus, ...rules },
    { name: 'readAnswer', read: read as ReadAnswer, maxBodyBytes: 1 << 20, blotter, limitMs, problem },
  );

const concludes = (read: unknown, wireReply = reply(200, {}), rules = {}) =>
  reader(read, rules)(wireReply, { headers: {} }, attempt);

describe('a function of the suite', () => {
  it('gets the answer and the attempt', async () => {
    const read = vi.fn<ReadAnswer>().mockReturnValue({ outcome: 'ok' });
    await concludes(read, reply(200, { a: 1 }, { 'content-type': 'application/json' }));
    expect(read).toHaveBeenCalledExactlyOnceWith(
      { status: 200, headers: { 'content-type': 'application/json' }, text: '{"a":1}', json: { a: 1 } },
      attempt,
    );
  });

  it('gets no JSON where the body is none', async () => {
    const read = vi.fn<ReadAnswer>().mockReturnValue({ outcome: 'fail' });
    await concludes(read, reply(200, '<html>'));
    expect(read.mock.calls[0]?.[0]).toMatchObject({ text: '<html>', json: undefined });
  });

  it.each<[string, unknown, object]>([
    [
      'books',
      { outcome: 'ok', orderId: 17, units: 2, granted: ['A1', 2] },
      { outcome: 'ok', orderId: '17', granted: 2, grantedIds: ['A1', '2'] },
    ],
    ['grants one thing', { outcome: 'ok', granted: 'A1' }, { outcome: 'ok', grantedIds: ['A1'] }],
    [
      'refuses',
      { outcome: 'fail', message: 'no\nseat' },
      { outcome: 'fail', reason: 'lost', declared: true, message: 'no seat' },
    ],
    [
      'cannot say',
      { outcome: 'info', message: 'later' },
      { outcome: 'info', cause: 'unrecognised', message: 'later', mayPromise: true },
    ],
    ['leaves out what is null', { outcome: 'ok', orderId: null, units: null }, { outcome: 'ok' }],
  ])('%s', async (_what, value, conclusion) => {
    expect(await concludes(() => value)).toMatchObject(conclusion);
    expect(await concludes(async () => value)).toMatchObject(conclusion);
  });

  it('decides whatever the status, and its refusal is the suite’s own word', async () => {
    for (const status of [202, 302, 401, 500]) {
      expect(await concludes(() => ({ outcome: 'fail' }), reply(status))).toMatchObject({
        reason: 'lost',
        declared: true,
      });
      expect(await concludes(() => ({ outcome: 'ok' }), reply(status, '<html>'))).toMatchObject({ outcome: 'ok' });
    }
  });

  it('leaves a 202 pending, and a 5xx an error of the server, where it cannot say', async () => {
    const cannotSay = () => ({ outcome: 'info' });
    expect(await concludes(cannotSay, reply(202))).toMatchObject({ outcome: 'info', cause: 'pending' });
    expect(await concludes(cannotSay, reply(500))).toMatchObject({ outcome: 'info', cause: 'server-error' });
  });

  it('lets the other settings find what it leaves out', async () => {
    const found = reply(201, { order_id: 'o-1', message: 'hello', n: 3 });
    expect(await concludes(() => ({ outcome: 'ok' }), found, { units: '$.n' })).toMatchObject({
      orderId: 'o-1',
      granted: 3,
    });
    expect(await concludes(() => ({ outcome: 'ok', orderId: 'x' }), found)).toMatchObject({ orderId: 'x' });
    expect(await concludes(() => ({ outcome: 'fail' }), found)).toMatchObject({ message: 'hello' });
  });

  it('is not called where no answer came, or not all of it', async () => {
    const read = vi.fn<ReadAnswer>();
    expect(await concludes(read, { kind: 'broken', failure: 'timeout', error: 'gone' })).toMatchObject({
      cause: 'timeout',
    });
    const half = {
      kind: 'partial',
      status: 201,
      headers: {},
      body: Buffer.from('{'),
      failure: 'reset',
      error: 'gone',
    } as const;
    expect(await concludes(read, half)).toMatchObject({ outcome: 'info', cause: 'unreadable', mayPromise: true });
    expect(read).not.toHaveBeenCalled();
  });
});

function circular() {
  const value: { outcome: string; orderId?: object } = { outcome: 'ok' };
  value.orderId = value;
  return value;
}

describe('a function that goes wrong', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new TypeError('no\nlist');
      },
      /^outcome\.function: readAnswer threw TypeError: no list$/,
    ],
    ['rejects', () => Promise.reject(new Error('no')), /threw Error: no$/],
    [
      'throws no error',
      () => {
        throw 'no';
      },
      /threw no$/,
    ],
    ['returns nothing', () => undefined, /returned no object such as \{ outcome: "ok" \}: undefined$/],
    [
      'returns another outcome',
      () => ({ outcome: 'won' }),
      /whose outcome is not ok, fail or info: \{"outcome":"won"\}$/,
    ],
    ['misspells', () => ({ outcome: 'ok', orderID: 1 }), /with an unknown part, orderID: /],
    ['returns units that are no number', () => ({ outcome: 'ok', units: 'many' }), /whose units is not a number: /],
    ['returns an order that is no text', () => ({ outcome: 'ok', orderId: {} }), /whose orderId is not text: /],
    ['returns an order that JSON cannot write', () => ({ outcome: 'ok', orderId: 7n }), /not text: .*"orderId":"7"\}$/],
    ['returns units that JSON cannot write', () => ({ outcome: 'ok', units: NaN }), /not a number: .*"units":"NaN"\}$/],
    ['returns itself', circular, /whose orderId is not text: a value that JSON cannot write$/],
  ])('%s: nobody can say', async (_what, read, message) => {
    expect(await concludes(read)).toMatchObject({
      outcome: 'info',
      cause: 'unreadable',
      mayPromise: true,
      message: expect.stringMatching(message),
    });
  });

  it('never returns: it is not waited for', async () => {
    const conclusion = await reader(() => new Promise(() => {}), {}, 5)(reply(200), { headers: {} }, attempt);
    expect(conclusion).toMatchObject({
      outcome: 'info',
      message: 'outcome.function: readAnswer did not return within 5 ms',
    });
  });

  it('is named once, with its stack on one line, and shows nothing that a request carried', async () => {
    problem.mockClear();
    const read = reader(() => {
      throw new Error('bad token-of-ann');
    });
    const request = { headers: { authorization: 'Bearer token-of-ann' } };
    const all = await Promise.all([read(reply(200), request, attempt), read(reply(200), request, attempt)]);
    await read(reply(200), request, attempt);
    expect(problem).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^outcome\.function: readAnswer threw Error: bad \S+ at .*outcome-function/),
    );
    expect(JSON.stringify(all)).not.toContain('token-of-ann');
  });
});
