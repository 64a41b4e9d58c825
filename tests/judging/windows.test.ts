import { describe, expect, it } from 'vitest';
import { type Attempt, type Conclusion, type History, RULES, type Rule } from '../../model/index.ts';
import { asking, history, ok, operation, refused, round, ruled, times, unanswered } from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** The moments that a rule is about: a race that never meets them proves nothing about them. */

const LEASED: Rule = { name: 'hold-confirm', leaseMs: 300, toleranceMs: 20, busy: [423] };
const CANCELLED: Rule = { name: 'cancel-rebook', busy: [423] };
const no = () => refused(409, 'taken');
const doubted = (race: History) => said(race).filter(([kind]) => kind === 'doubt window-not-tried');
const isDoubted = (rule: Rule, attempts: readonly Attempt[]) => doubted(history(ruled(rule, 3), attempts)).length > 0;
const old = (race: History): History => ({ ...race, run: { ...race.run, version: 2 } });

it('each rule of which an instant is the point names it', () => {
  expect(RULES.flatMap((row) => ('windows' in row ? [row.name] : []))).toEqual([
    'hold-confirm',
    'cancel-rebook',
    'double-submit',
  ]);
});

describe('a seat that is given up', () => {
  const owned = operation(1, 'book', ok(201, 'o1'), [0, 10]);
  const cancelled = operation(1, 'cancel', ok(204), [100, 120], 2);
  const rebooked = operation(2, 'book', ok(201, 'o2'), [110, 130], 2);
  const refusal = operation(2, 'book', no(), [90, 99], 2);

  it('has to be booked again', () => {
    const vain = history(ruled(CANCELLED, 3), [owned, cancelled, refusal]);
    expect(doubted(vain)).toEqual([
      ['doubt window-not-tried', 'in no round: nobody booked after a cancellation had taken effect', []],
    ]);
    expect(doubted(old(vain))).toEqual([]);
  });

  it.each<[string, Attempt[], boolean]>([
    ['somebody books it', [owned, cancelled, rebooked], false],
    ['the owner books it again', [owned, cancelled, { ...rebooked, vu: 1 }], false],
    [
      'the cancellation got no answer, and somebody books it',
      [owned, { ...cancelled, ...unanswered() } as Attempt, rebooked],
      false,
    ],
    ['the cancellation was refused', [owned, operation(1, 'cancel', no(), [100, 120], 2), rebooked], true],
    ['nobody knows whether somebody booked it', [owned, cancelled, { ...refusal, ...unanswered() } as Attempt], true],
    ['there is only another cancellation', [owned, cancelled, { ...cancelled, vu: 2 }], true],
    ['there was no cancellation', [owned, refusal], true],
    ['nobody got anything: other findings say so', [refusal], false],
  ])('%s', (_what, attempts, expected) => {
    expect(isDoubted(CANCELLED, attempts)).toBe(expected);
  });

  it('has to be booked again in one of the rounds', () => {
    const plan = ruled(CANCELLED, 3, {
      inventories: [
        { key: 'A', capacity: 1 },
        { key: 'B', capacity: 1 },
      ],
    });
    const onB = [owned, cancelled, rebooked].map((attempt) => ({
      ...attempt,
      inventory: 'B',
      round: attempt.round + 1,
    }));
    expect(doubted(history(plan, [owned, cancelled, refusal, ...onB]))).toEqual([]);
    // Somebody's booking of another seat is none of this one.
    expect(doubted(history(plan, [owned, cancelled, refusal, ...onB.slice(2)]))).toHaveLength(1);
  });
});

describe('a hold that ends', () => {
  const held = operation(1, 'hold', ok(201, 'h1'), [0, 10]);
  const confirm = (conclusion: Conclusion, fromMs: number, toMs: number, vu = 1) =>
    operation(vu, 'confirm', conclusion, [fromMs, toMs], 2);

  it('has to be confirmed too late, once', () => {
    const early = history(ruled(LEASED, 3), [held, confirm(ok(200, 'o1'), 200, 240)]);
    expect(doubted(early)).toEqual([
      ['doubt window-not-tried', 'in no round: no confirmation came after its hold had ended', []],
    ]);
    expect(doubted(old(early))).toEqual([]);
  });

  it.each<[string, Attempt[], boolean]>([
    ['refused after the end', [held, confirm(no(), 311, 320)], false],
    ['granted after the end', [held, confirm(ok(200), 311, 320)], false],
    ['sent before the end and refused after it', [held, confirm(no(), 290, 330)], false],
    ['sent before the end and granted after it', [held, confirm(ok(200), 290, 330)], true],
    ['sent when the hold may have been live', [held, confirm(ok(200), 309, 315)], true],
    ['without an answer', [held, confirm(unanswered(), 320, 1000)], true],
    ['not let in', [held, confirm(refused(401, '', 'not-authorised'), 320, 330)], true],
    ['sent by somebody without a hold', [held, confirm(no(), 320, 330, 2)], true],
    [
      'after a second hold, which is live',
      [held, operation(1, 'hold', ok(201, 'h2'), [311, 315]), confirm(no(), 320, 330)],
      true,
    ],
    [
      'of another virtual user of the same person',
      [
        { ...held, user: 'ann' },
        { ...confirm(no(), 320, 330, 2), user: 'ann' },
      ],
      false,
    ],
    ['no confirmation at all', [held, operation(2, 'hold', no(), [320, 330])], true],
  ])('%s', (_what, attempts, expected) => {
    expect(isDoubted(LEASED, attempts)).toBe(expected);
  });
});

describe('an order that is sent several times', () => {
  const rule: Rule = { name: 'double-submit', inProgress: [409] };
  const submitted = (keys: readonly string[], gapMs = 0) =>
    history(
      ruled(rule, keys.length),
      asking(
        round(
          1,
          'A',
          keys.map((key) => ok(201, key)),
        ).map((attempt, index) => ({
          ...attempt,
          releasedAtMs: (attempt.releasedAtMs ?? 0) + index * gapMs,
          completedAtMs: attempt.completedAtMs + index * gapMs,
        })),
        keys.map((idempotencyKey) => ({ idempotencyKey, fingerprint: 'f' })),
      ),
    );

  it('has to be in flight twice at once', () => {
    expect(idsOf(submitted(['k', 'k', 'l', 'l']))).toEqual([]);
    expect(said(submitted(['k', 'l', 'm', 'n']))).toEqual([
      ['doubt window-not-tried', 'in no round: no two requests with one idempotency key were in flight at once', []],
    ]);
    expect(idsOf(old(submitted(['k', 'l', 'm', 'n'])))).toEqual([]);
  });

  it('one after the other is no race either', () => {
    expect(idsOf(submitted(['k', 'k', 'l', 'l'], 100))).toEqual(['weak-contention', 'window-not-tried']);
  });
});

it('a rule without such an instant is not asked for one', () => {
  expect(idsOf(history(ruled({ name: 'coupon' }, 4), round(1, 'A', [ok(), ...times(3, refused)])))).toEqual([]);
});
