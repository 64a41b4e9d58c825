import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conduct, type SendEvents } from '../../plugin/src/gate/conduct.ts';
import { type Exchange, type OutgoingRequest, type Reply, ReplyError } from '../../plugin/src/gate/exchange.ts';
import { completeReply } from '../support/complete-reply.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TIMEOUT_MS = 1000;
/** What came of an answer before it breaks. */
const received = { status: 201, statusMessage: '', rawHeaders: [], headers: {}, body: Buffer.from('{'), bodyBytes: 1 };
const REQUEST = { method: 'POST', path: '/orders' } as OutgoingRequest;

interface FakeConnection {
  readonly events: SendEvents;
  isStaged: boolean;
  isBrokenOff: boolean;
  /** How often the last byte was asked for, and what to call once it has left. */
  lastBytes: number;
  sent?: ((atMs: number) => void) | undefined;
}

/** An exchange over connections that do what the test says; `log` is what the holder was told. */
function exchangeUnderTest({ isCalled = true } = {}) {
  const connections: FakeConnection[] = [];
  const log: string[] = [];
  const exchanges: Exchange[] = [];
  let stage: () => void = () => {};
  let release: () => void = () => {};
  const stop = conduct(
    REQUEST,
    {
      gather(callStage, letGo) {
        log.push('gathered');
        stage = callStage;
        release = letGo;
      },
      staged: () => log.push('staged'),
      withdrawn: () => log.push('withdrawn'),
      released: () => log.push('released'),
      done: () => log.push('done'),
    },
    { now: () => Date.now(), timeoutMs: TIMEOUT_MS, maxBodyBytes: 1 },
    (_request, events) => {
      const connection: FakeConnection = { events, isStaged: false, isBrokenOff: false, lastBytes: 0 };
      connections.push(connection);
      return () => {
        connection.isBrokenOff = true;
      };
    },
    (exchange) => exchanges.push(exchange),
  );
  if (isCalled) stage();
  const live = () => connections.findLast(({ isBrokenOff }) => !isBrokenOff);
  const actions = {
    call: () => stage(),
    stage() {
      const connection = live();
      if (connection === undefined || connection.isStaged) return;
      connection.isStaged = true;
      connection.events.staged((sent) => {
        connection.lastBytes += 1;
        connection.sent = sent;
      });
    },
    letGo: () => release(),
    flush() {
      const connection = live();
      const sent = connection?.sent;
      if (connection !== undefined) connection.sent = undefined;
      sent?.(Date.now());
    },
    firstByte: () => live()?.events.firstByte(() => received),
    answer: () => live()?.events.replied(completeReply(201)),
    refuseToWait: () => live()?.events.replied(completeReply(408)),
    lose: () => live()?.events.failed(new Error('socket hang up'), true),
    wait: () => void vi.advanceTimersByTime(TIMEOUT_MS),
    stop: () => stop(new ReplyError('aborted', 'the run was stopped')),
  };
  return { ...actions, actions, connections, log, exchanges };
}

describe('conducting an exchange', () => {
  it('tells the holder each step, and the caller how it went', () => {
    const { stage, letGo, flush, firstByte, answer, log, exchanges, connections } = exchangeUnderTest();
    stage();
    letGo();
    expect(log).toEqual(['gathered', 'staged']);
    flush();
    firstByte();
    answer();
    expect(log).toEqual(['gathered', 'staged', 'released', 'done']);
    expect(exchanges).toMatchObject([{ request: REQUEST, reply: { status: 201 } }]);
    expect(connections).toMatchObject([{ isBrokenOff: false, lastBytes: 1 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('withdraws from the holder when a staged connection is lost, and stages on another one', () => {
    const { stage, lose, log, connections } = exchangeUnderTest();
    stage();
    lose();
    expect(log).toEqual(['gathered', 'staged', 'withdrawn']);
    expect(connections).toMatchObject([{ isBrokenOff: true }, { isBrokenOff: false }]);
    stage();
    expect(log).toEqual(['gathered', 'staged', 'withdrawn', 'staged']);
  });

  it('gives the rest of a large answer to a holder that takes it, and to nobody else', () => {
    const partial = { ...received, kind: 'partial', failure: 'unreadable', error: 'too large' } as const;
    for (const takesRest of [true, false]) {
      const rest = Readable.from(['}']);
      const replies: Reply[] = [];
      conduct(
        REQUEST,
        { staged: (release) => release(), done: () => {}, takesRest },
        { now: () => 0, timeoutMs: TIMEOUT_MS, maxBodyBytes: 1 },
        (_request, events) => {
          events.staged((sent) => sent(0));
          events.replied({ ...partial, rest });
          return () => {};
        },
        ({ reply }) => replies.push(reply),
      );
      expect(replies).toEqual([takesRest ? { ...partial, rest } : partial]);
    }
  });

  it('waits with the end until the holder has time for it', () => {
    const log: string[] = [];
    const quiet: (() => void)[] = [];
    const connection = Promise.withResolvers<SendEvents>();
    conduct(
      REQUEST,
      { staged: () => {}, whenQuiet: (callback) => quiet.push(callback), done: () => log.push('holder') },
      { now: () => 0, timeoutMs: TIMEOUT_MS, maxBodyBytes: 1 },
      (_request, events) => {
        connection.resolve(events);
        return () => log.push('broken off');
      },
      () => log.push('caller'),
    );
    return connection.promise.then((events) => {
      events.replied(completeReply(413));
      expect(log).toEqual(['broken off']);
      for (const callback of quiet) callback();
      expect(log).toEqual(['broken off', 'holder', 'caller']);
    });
  });

  it('ends with the status that came, where the rest of the answer does not', () => {
    for (const interrupt of ['lose', 'wait', 'stop'] as const) {
      const { stage, letGo, flush, firstByte, actions, exchanges } = exchangeUnderTest();
      for (const act of [stage, letGo, flush, firstByte, actions[interrupt]]) act();
      expect(exchanges).toMatchObject([{ reply: { kind: 'partial', status: 201, body: received.body } }]);
    }
  });

  it('forgets what came on a connection that was replaced', () => {
    const { stage, firstByte, refuseToWait, letGo, flush, lose, exchanges } = exchangeUnderTest();
    for (const act of [stage, firstByte, refuseToWait, stage, letGo, flush, lose]) act();
    expect(exchanges).toMatchObject([{ reply: { kind: 'broken', failure: 'reset' } }]);
  });

  it('starts the deadline anew at each staging and at the release, and none while the request is held', () => {
    const { stage, lose, letGo, flush, exchanges } = exchangeUnderTest();
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    lose();
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    stage();
    vi.advanceTimersByTime(10 * TIMEOUT_MS);
    letGo();
    flush();
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    expect(exchanges).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(exchanges).toMatchObject([{ reply: { failure: 'timeout' } }]);
  });

  it('does what it promises to the holder, in whatever order things happen', () => {
    type Action = keyof ReturnType<typeof exchangeUnderTest>['actions'];
    const action = fc.constantFrom<Action>(
      ...([
        'call',
        'stage',
        'stage',
        'letGo',
        'flush',
        'firstByte',
        'answer',
        'refuseToWait',
        'lose',
        'wait',
        'stop',
      ] as const),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (steps) => {
        const { actions, connections, log, exchanges } = exchangeUnderTest({ isCalled: false });
        for (const step of steps) {
          actions[step]();
          // Nothing is sent before it is called, or let go.
          if (!steps.includes('call') && !steps.includes('letGo')) expect(connections).toEqual([]);
        }
        const wasReleased = log.includes('released');
        actions.stop();
        expect(log.join(' ')).toMatch(/^gathered (staged withdrawn )*(staged )?(released )?done$/);
        expect(exchanges).toHaveLength(1);
        const [{ timing, reply }] = exchanges as [Exchange];
        expect(timing.releasedAtMs !== undefined).toBe(wasReleased);
        for (const { lastBytes } of connections) expect(lastBytes).toBeLessThanOrEqual(1);
        // Only a connection whose answer came in full, after the whole request, may be used again.
        const isReusable = wasReleased && reply.kind === 'complete';
        expect(connections.filter(({ isBrokenOff }) => !isBrokenOff)).toHaveLength(isReusable ? 1 : 0);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
