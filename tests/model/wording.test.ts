import { describe, expect, it } from 'vitest';
import { type Attempt, wordingOf } from '../../model/index.ts';

const saying = (message: string, intent: Partial<Attempt> = {}): Attempt => ({
  round: 1,
  inventory: 'row-A',
  vu: 1,
  completedAtMs: 1,
  outcome: 'fail',
  reason: 'lost',
  answer: { kind: 'answered', status: 409, body: '{"code":"E7"}', bodyBytes: 13 },
  message,
  ...(intent as object),
});

describe('the wording of an answer', () => {
  it.each([
    ['numbers', 'only 3 of 1,200.50 left', 'only … of … left'],
    ['ids', 'order o-17 and seat_B7 are locked', 'order … and … are locked'],
    ['UUIDs', 'request 0b9e2c1e-1f7a-4c1e-9d47-7f1e0a3b2c4d failed', 'request … failed'],
    ['times', 'locked at 2026-11-30T01:10:02.123+01:00 (10:30)', 'locked at … (…)'],
    ['the inventory', 'Seat Row-A is taken', 'Seat … is taken'],
    ['line ends', 'taken \n  by others', 'taken by others'],
  ])('leaves out what differs from one attempt to the next: %s', (_what, message, wording) => {
    expect(wordingOf(saying(message))).toBe(wording);
  });

  it('keeps apart what has different reasons', () => {
    const wordings = ['already locked', 'too many clients already', 'seat must be an integer'].map((message) =>
      wordingOf(saying(message)),
    );
    expect(new Set(wordings).size).toBe(3);
  });

  it('leaves out what the request named, but not a part of another word', () => {
    const intent = { inventory: 'a', parts: ['tea'], user: 'ann.b (x)', idempotencyKey: 'key' };
    expect(wordingOf(saying('a tea for ann.b (x): key keyed, steam, taken', intent))).toBe(
      '… … for …: … keyed, steam, taken',
    );
  });

  it('is that of the body where the answer has no message, and of the error where nobody answered', () => {
    const silent = { ...saying(''), message: undefined } as unknown as Attempt;
    expect(wordingOf(silent)).toBe('{"code":"…"}');
    const answer = { kind: 'unanswered', error: 'after 5 ms' } as const;
    expect(wordingOf({ ...silent, outcome: 'info', cause: 'timeout', answer })).toBe('after … ms');
  });

  it('ends before the end of a message that was cut, so that ids of different lengths leave the same text', () => {
    const cut = (id: string) => wordingOf(saying(`order ${id} ${'is locked and '.repeat(20)}`.slice(0, 200)));
    expect(cut('o-1')).toBe(cut('o-123456'));
    expect(cut('o-1')).toHaveLength(120);
  });
});
