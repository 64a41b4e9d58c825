import { describe, expect, vi } from 'vitest';
import { createOnce, type OnceOptions } from '../../plugin/src/artillery/worker/once.ts';
import { Setup } from '../../plugin/src/artillery/worker/setup.ts';
import { createSharedAnswers } from '../../plugin/src/artillery/worker/shared-answers.ts';
import { createConnections, type Exchange, type OutgoingRequest, type Reply } from '../../plugin/src/gate/index.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';
import { reply } from '../recording/replies.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';

const request = {
  method: 'POST',
  path: '/orders?key=secret',
  headers: {},
  rawHeaders: [],
} as unknown as OutgoingRequest;
const exchange = (answer: unknown): Exchange =>
  ({ request, reply: answer as Reply, timing: { completedAtMs: 1 } }) as Exchange;
const run = (runId: string) => ({ runId, machine: 1, meetings: new BigInt64Array(new SharedArrayBuffer(8 * 8)) });
/** Sends once for all, where nothing has to be read back before. */
const onceWith = (options: Pick<OnceOptions, 'shared' | 'problem' | 'maxBodyBytes'>) =>
  createOnce({ ...options, readBackNow: async () => {}, blotter: createBlotter() });
const broken = { kind: 'broken', failure: 'reset', error: 'ECONNRESET' } as const;

describe('a request that is sent once for all', () => {
  it('is sent by the first of all workers, and each gets the whole answer', async ({ open }) => {
    const shared = run('two workers');
    const [one, two] = [
      await open(createSharedAnswers(shared, () => 0)),
      await open(createSharedAnswers(shared, () => 0)),
    ];
    const send = vi.fn(async () => exchange(reply(201, { id: 7 })));
    const all = await Promise.all([one, one, two, two].map((worker) => worker.at('cart', request, send)));
    expect(send).toHaveBeenCalledTimes(1);
    for (const { reply: got } of all) {
      expect(got).toMatchObject({ kind: 'complete', status: 201 });
      expect(got.kind === 'broken' ? '' : got.body.toString()).toBe('{"id":7}');
    }
    await two.at('another cart', request, send);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('has its answer kept for those who come late, as many of each place as there may be', async ({ open }) => {
    const shared = run('late');
    const [one, two] = [
      await open(createSharedAnswers(shared, () => 0, 2)),
      await open(createSharedAnswers(shared, () => 0, 2)),
    ];
    const send = vi.fn(async () => exchange(reply(201, { id: 7 })));
    const meet = async (worker: typeof one, meeting: string) => (await worker.at(meeting, request, send)).reply.kind;
    await Promise.all([one, two].map((worker) => meet(worker, 'once another cart\n1')));
    for (const visit of [1, 2, 3]) await Promise.all([one, two].map((worker) => meet(worker, `once cart\n${visit}`)));
    for (const worker of [one, two]) {
      expect(await meet(worker, 'once cart\n1')).toBe('broken');
      expect(await meet(worker, 'once cart\n2')).toBe('complete');
      expect(await meet(worker, 'once another cart\n1')).toBe('complete');
    }
    expect(send).toHaveBeenCalledTimes(4);
  });

  it.for([
    [
      'cannot be shared',
      async () => exchange({ ...reply(200), passOn: () => {} }),
      /cannot be shared: .*could not be cloned/,
    ],
    ['does not come', () => Promise.reject(new Error('no socket')), /cannot be shared: no socket/],
  ] as const)('leaves nobody waiting where the answer %s', async ([what, send, error], { open }) => {
    const shared = run(what);
    const one = await open(createSharedAnswers(shared, () => 5));
    const two = await open(createSharedAnswers(shared, () => 5));
    const all = await Promise.all([one, one, two].map((worker) => worker.at('cart', request, send)));
    expect(all.map(({ reply: got }) => got)).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'broken', failure: 'aborted', error: expect.stringMatching(error) })),
    );
  });

  it('gives each what came of an answer that is too large, and is not fine then', async ({ open }) => {
    const server = await open(httpServer((_request, response) => response.end(' '.repeat(1000))));
    const wire = { now: () => 0, timeoutMs: 2000, maxBodyBytes: 100, wire: 'http1' } as const;
    const { exchange: send } = await open(createConnections(wire));
    const { hostname: host, port } = new URL(server.url);
    const rawHeaders = ['Host', host, 'Content-Length', '0'];
    const asked = { ...request, rawHeaders, host, port: Number(port), secure: false, body: Buffer.alloc(0), tls: {} };
    const shared = await open(createSharedAnswers(run('large'), () => 0));
    const problem = vi.fn();
    const once = onceWith({ shared, problem, maxBodyBytes: 100 });
    const meet = () => once({ name: 'cart', line: { once: 'cart', allow: [] }, raced: [] }, asked, send);
    for (const met of await Promise.all([meet(), meet()])) {
      expect(met).toMatchObject({
        isFine: false,
        exchange: { reply: { kind: 'partial', status: 200, bodyBytes: 100 } },
      });
    }
    const reason = 'once cart was answered 200: the rest was lost (unreadable: the answer is larger than 100 bytes)';
    expect(problem.mock.calls).toEqual([[{ reason, step: 'POST /orders', setup: true }]]);
  });

  it('leaves nobody waiting where the race ends first', async () => {
    const shared = run('ends');
    const worker = createSharedAnswers(shared, () => 5);
    const asked = worker.at('cart', request, () => new Promise(() => {}));
    const waiting = worker.at('cart', request, () => new Promise(() => {}));
    worker.close();
    expect((await waiting).reply).toMatchObject({ kind: 'broken', failure: 'aborted' });
    void asked;
  });

  it.for([
    [201, [], true],
    [404, [404], true],
    [503, ['500-599'], true],
    [404, [], false],
    [302, [], false],
    [500, [404], false],
  ] as const)('is fine with %i where %j is allowed: %s', async ([status, allow, isFine], { open }) => {
    const problem = vi.fn();
    const shared = await open(createSharedAnswers(run(`${status} ${allow}`), () => 0));
    const readBackNow = vi.fn(async () => {});
    const once = createOnce({ shared, readBackNow, problem, maxBodyBytes: 1024, blotter: createBlotter() });
    const line = { once: 'cart', allow };
    const raced = [{ inventory: 'A1', completedAtMs: 1 }];
    const send = async () => exchange(reply(status, { message: 'no such event' }));
    const results = [await once({ name: 'cart', line, raced }, request, send)];
    results.push(await once({ name: 'cart', line, raced }, request, send));
    expect(results.map((result) => result.isFine)).toEqual([isFine, isFine]);
    expect(readBackNow.mock.calls).toEqual([[raced]]);
    const reason = `once cart was answered ${status}: no such event`;
    expect(problem.mock.calls).toEqual(isFine ? [] : [[{ reason, step: 'POST /orders', setup: true }]]);
  });

  it('is not fine without an answer', async ({ open }) => {
    const problem = vi.fn();
    const shared = await open(createSharedAnswers(run('broken'), () => 0));
    const once = onceWith({ shared, problem, maxBodyBytes: 9 });
    const meeting = { name: 'cart', line: { once: 'cart', allow: ['100-599'] }, raced: [] };
    expect(await once(meeting, request, async () => exchange(broken))).toMatchObject({ isFine: false });
    expect(problem.mock.calls[0]?.[0]).toMatchObject({ reason: 'once cart was answered nothing: ECONNRESET' });
  });
});

describe('a round', () => {
  it('is raced if all that prepares it has worked', () => {
    const setup = new Setup();
    expect(setup.raced()).toBe(true);
    setup.prepared(false);
    setup.prepared(true);
    expect([setup.raced(), setup.raced()]).toEqual([false, false]);
    setup.prepared(true);
    expect(setup.raced()).toBe(true);
  });
});
