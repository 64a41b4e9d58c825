import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyError } from '../../plugin/src/gate/exchange.ts';
import {
  BEGINNING,
  type ExchangeEvent,
  type ExchangeState,
  MAX_REPLACEMENTS,
  MAX_SHORT_LIVES,
  SHORT_LIFE_MS,
  transition,
} from '../../plugin/src/gate/exchange-state.ts';
import { completeReply } from '../support/complete-reply.ts';

const staged = (atMs: number): ExchangeEvent => ({ type: 'staged', atMs });
const called: ExchangeEvent = { type: 'called', atMs: 0 };
const letGo: ExchangeEvent = { type: 'let-go', atMs: 5 };
const sent = (atMs: number): ExchangeEvent => ({ type: 'sent', atMs });
const firstByte = (atMs: number): ExchangeEvent => ({ type: 'first-byte', atMs });
const replied = (atMs: number, status = 201): ExchangeEvent => ({
  type: 'replied',
  atMs,
  reply: completeReply(status),
});
const lost = (atMs: number, connected = true): ExchangeEvent => ({
  type: 'failed',
  atMs,
  error: new Error('socket hang up'),
  connected,
});

/** The state after these events, of an exchange that was called at 0. */
const stateAfter = (...events: readonly ExchangeEvent[]): ExchangeState =>
  [called, ...events].reduce(transition, BEGINNING);

describe('the state of an exchange', () => {
  it('goes from staging to answered, and keeps the time of each step', () => {
    const steps = [staged(10), letGo, sent(20), firstByte(30), replied(40)];
    expect(steps.map((_, i) => stateAfter(...steps.slice(0, i + 1)).kind)).toEqual([
      'staged',
      'leaving',
      'released',
      'released',
      'answered',
    ]);
    expect(stateAfter(...steps)).toMatchObject({
      timing: { stagedAtMs: 10, releasedAtMs: 20, firstByteAtMs: 30, completedAtMs: 40 },
      reply: { status: 201 },
    });
  });

  it('has no connection before it is called', () => {
    expect(BEGINNING.kind).toBe('gathering');
    expect(transition(BEGINNING, called)).toMatchObject({ kind: 'staging', isLetGo: false });
    expect(transition(BEGINNING, letGo)).toMatchObject({ kind: 'staging', isLetGo: true });
    const stopped = transition(BEGINNING, { type: 'stopped', atMs: 9, error: new ReplyError('aborted', 'stopped') });
    expect(stopped).toMatchObject({
      kind: 'broken',
      timing: { completedAtMs: 9 },
      reply: { kind: 'broken', failure: 'aborted' },
    });
  });

  it('is staging again after a connection was lost before the release', () => {
    expect(stateAfter(lost(50))).toMatchObject({ kind: 'staging', isLetGo: false });
    expect(stateAfter(staged(10), lost(50))).toMatchObject({
      kind: 'staging',
      isLetGo: false,
      timing: { stagedAtMs: 10 },
    });
  });

  it('does not wait for a second release once it was let go', () => {
    expect(stateAfter(letGo, staged(10)).kind).toBe('leaving');
    expect(stateAfter(staged(10), letGo, lost(50), staged(60)).kind).toBe('leaving');
    expect(stateAfter(letGo, lost(50), staged(60)).kind).toBe('leaving');
  });

  it('is broken by a connection that is lost after the release', () => {
    expect(stateAfter(staged(10), letGo, sent(20), lost(30))).toMatchObject({
      kind: 'broken',
      timing: { releasedAtMs: 20, completedAtMs: 30 },
      reply: { failure: 'reset' },
    });
  });

  it('is broken by a connection that never came, or that was lost in the middle of an early answer', () => {
    expect(stateAfter(lost(10, false))).toMatchObject({ kind: 'broken', reply: { failure: 'unreachable' } });
    expect(stateAfter(staged(10), firstByte(20), lost(30))).toMatchObject({
      kind: 'broken',
      reply: { failure: 'reset' },
    });
  });

  it('keeps what came of an answer that broke, however it broke', () => {
    const received = {
      status: 201,
      statusMessage: '',
      rawHeaders: [],
      headers: {},
      body: Buffer.from('{'),
      bodyBytes: 1,
    };
    const error = new ReplyError('aborted', 'the run was stopped');
    for (const [failure, interruption] of [
      ['reset', lost(40)],
      ['timeout', { type: 'timed-out', atMs: 40, timeoutMs: 70 }],
      ['aborted', { type: 'stopped', atMs: 40, error }],
    ] as const) {
      const event = { ...interruption, received } as ExchangeEvent;
      expect(stateAfter(staged(10), letGo, sent(20), firstByte(30), event)).toMatchObject({
        kind: 'broken',
        timing: { firstByteAtMs: 30, completedAtMs: 40 },
        reply: { kind: 'partial', failure, ...received },
      });
    }
  });

  it('is broken by an end that the gate itself put to the reply, without another try', () => {
    const error = new ReplyError('unreadable', 'too large');
    expect(stateAfter({ type: 'failed', atMs: 10, error, connected: true })).toMatchObject({
      kind: 'broken',
      reply: { failure: 'unreadable', error: 'too large' },
    });
  });

  it('counts a deadline before the release as a target out of reach, and after it as a timeout', () => {
    const late: ExchangeEvent = { type: 'timed-out', atMs: 90, timeoutMs: 70 };
    expect(stateAfter(late)).toMatchObject({
      reply: { failure: 'unreachable', error: 'the request could not be sent within 70 ms' },
    });
    expect(stateAfter(staged(10), letGo, sent(20), late)).toMatchObject({
      reply: { failure: 'timeout', error: 'no answer within 70 ms' },
    });
  });

  it('keeps an early answer, but stages again after a 408', () => {
    expect(stateAfter(staged(10), firstByte(20), replied(20, 413))).toMatchObject({
      kind: 'answered',
      timing: { firstByteAtMs: 20 },
    });
    expect(stateAfter(staged(10), firstByte(20), replied(20, 408))).toMatchObject({
      kind: 'staging',
      timing: { stagedAtMs: 10 },
    });
    expect(stateAfter(staged(10), firstByte(20), replied(20, 408)).timing).not.toHaveProperty('firstByteAtMs');
    expect(stateAfter(staged(10), letGo, sent(20), replied(30, 408)).kind).toBe('answered');
  });

  it('stops replacing connections that keep ending at once, and any connections in the end', () => {
    const lostEvery = (lifeMs: number, times: number) =>
      stateAfter(...Array.from({ length: times }, (_, i) => lost((i + 1) * lifeMs))).kind;
    expect(lostEvery(SHORT_LIFE_MS - 1, MAX_SHORT_LIVES)).toBe('staging');
    expect(lostEvery(SHORT_LIFE_MS - 1, MAX_SHORT_LIVES + 1)).toBe('broken');
    expect(lostEvery(SHORT_LIFE_MS, MAX_REPLACEMENTS)).toBe('staging');
    expect(lostEvery(SHORT_LIFE_MS, MAX_REPLACEMENTS + 1)).toBe('broken');
  });

  it('only counts short-lived connections in a row', () => {
    const quick = Array.from({ length: MAX_SHORT_LIVES }, () => SHORT_LIFE_MS - 1);
    let atMs = 0;
    const events = [...quick, SHORT_LIFE_MS, ...quick].map((lifeMs) => {
      atMs += lifeMs;
      return lost(atMs);
    });
    expect(stateAfter(...events).kind).toBe('staging');
  });
});

describe('whatever happens to an exchange', () => {
  const event = fc.constantFrom<(atMs: number) => ExchangeEvent>(
    (atMs) => ({ type: 'called', atMs }),
    staged,
    () => letGo,
    sent,
    firstByte,
    (atMs) => replied(atMs),
    (atMs) => replied(atMs, 408),
    (atMs) => lost(atMs),
    (atMs) => lost(atMs, false),
    (atMs) => ({ type: 'timed-out', atMs, timeoutMs: 70 }),
    (atMs) => ({ type: 'stopped', atMs, error: new ReplyError('aborted', 'the run was stopped') }),
  );
  const isOver = ({ kind }: ExchangeState) => kind === 'answered' || kind === 'broken';

  it('it is never released before it is let go, never staged again after the release, and has one end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat({ max: 20 }))), (steps) => {
        let [state, atMs, wasLetGo] = [BEGINNING, 0, false];
        for (const [make, waitedMs] of steps) {
          atMs += waitedMs;
          const made = make(atMs);
          const next = transition(state, made);
          wasLetGo ||= made.type === 'let-go';
          if (isOver(state)) expect(next).toBe(state);
          if (state.kind === 'gathering') expect(['gathering', 'staging', 'broken']).toContain(next.kind);
          if (state.kind === 'released') expect(next.kind === 'released' || isOver(next)).toBe(true);
          if (next.kind === 'leaving' || next.kind === 'released') expect(wasLetGo).toBe(true);
          expect('releasedAtMs' in next.timing).toBe(next.kind === 'released' || 'releasedAtMs' in state.timing);
          expect(isOver(next)).toBe('completedAtMs' in next.timing);
          state = next;
        }
      }),
    );
  });
});
