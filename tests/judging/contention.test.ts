import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import { judge, remarksOf } from '../../plugin/src/judging/index.ts';
import { reportOf } from '../../reports/index.ts';
import {
  asking,
  cutOff,
  history,
  ok,
  operation,
  plan,
  refused,
  round,
  serverError,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

const SEATS = ['A', 'B', 'C', 'D'];
const planOf = (keys: readonly string[], overrides: Partial<Plan> = {}): Plan =>
  plan({
    inventories: keys.map((key) => ({ key, capacity: 1 })),
    ...overrides,
    limits: { ...plan().limits, strongRounds: 0.75, ...overrides.limits },
  });
const sold = (key: string, number: number) => round(number, key, [ok(201, key), ...times(3, refused)]);

/** Released over a second, so that nobody met anybody. */
const spreadOut = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.map((attempt, index) => ({
    ...attempt,
    releasedAtMs: (attempt.releasedAtMs ?? 0) + index * 300,
    completedAtMs: attempt.completedAtMs + index * 300,
  }));

/** A race for four seats in which so many rounds, the first ones, are weak. */
const withWeak = (weak: number, overrides: Partial<Plan> = {}): History =>
  history(
    planOf(SEATS, overrides),
    SEATS.flatMap((key, index) => (index < weak ? spreadOut(sold(key, index + 1)) : sold(key, index + 1))),
  );
const reportOn = (race: History) => reportOf(race, judge(race), remarksOf(race));
const limits = (strongRounds: number) => ({ limits: { ...plan().limits, strongRounds } });

describe('rounds that were no race', () => {
  it('do not spoil the run if three quarters of the rounds were strong', () => {
    expect([0, 1, 2, 4].map((weak) => idsOf(withWeak(weak)))).toEqual([
      [],
      [],
      ['weak-contention', 'weak-contention'],
      Array.from({ length: 4 }, () => 'weak-contention'),
    ]);
  });

  it('are as many as the limits say', () => {
    expect(idsOf(withWeak(2, limits(0.5)))).toEqual([]);
    expect(idsOf(withWeak(1, limits(0.8)))).toEqual(['weak-contention']);
    expect(idsOf(withWeak(3, limits(0)))).toEqual([]);
    // Without any strong round nothing is proven.
    expect(idsOf(withWeak(4, limits(0)))).toHaveLength(4);
  });

  it('are all a doubt in an old history, whose plan has no share', () => {
    const race = withWeak(1);
    const { strongRounds: _, ...old } = race.run.plan.limits;
    expect(idsOf({ ...race, run: { ...race.run, version: 2, plan: { ...race.run.plan, limits: old } } })).toEqual([
      'weak-contention',
    ]);
  });

  it('are named, and do not count towards the strength of a pass', () => {
    const { rounds, strength, verdict } = reportOn(withWeak(1));
    expect(verdict).toBe('pass');
    expect(rounds.map(({ weak }) => weak)).toEqual([
      ['they were released over 900.4 ms; allowed: 50 ms', 'at most 1 were in flight at once; required: 2'],
      undefined,
      undefined,
      undefined,
    ]);
    expect(strength).toMatchObject({ rounds: 3, doubleBookingRateBelow: 1 - 0.05 ** (1 / 3) });
  });

  it('are none where a contender had ended, and is named: nobody waited for it', () => {
    const race = history(planOf(['A']), sold('A', 1).slice(0, 3));
    const ended = { reason: 'x', count: 1, vus: [4], ended: 'before the race' } as const;
    expect(idsOf({ ...race, problems: [ended] })).toEqual(['incomplete']);
    expect(idsOf({ ...race, problems: [{ ...ended, vus: [2] }] })).toEqual(['weak-contention', 'incomplete']);
    // Histories of before do not say when it ended.
    expect(idsOf({ ...race, problems: [{ reason: 'x', count: 1, vus: [4] }] })).toEqual([
      'weak-contention',
      'incomplete',
    ]);
    const alone = { ...ended, vus: [2, 3, 4], count: 3 };
    expect(idsOf({ ...history(planOf(['A']), sold('A', 1).slice(0, 1)), problems: [alone] })).toEqual([
      'weak-contention',
      'incomplete',
    ]);
  });

  it('prove a violation all the same', () => {
    const twice = spreadOut(round(1, 'A', [ok(201, 'x'), ok(201, 'y'), ...times(2, refused)]));
    const race = history(planOf(SEATS), [...twice, ...SEATS.slice(1).flatMap((key, index) => sold(key, index + 2))]);
    expect(idsOf(race)).toEqual(['double-booking']);
  });

  it('are never more than the limits allow in a pass, and never counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weak, share) => {
          const keys = weak.map((_, index) => `S${index}`);
          const attempts = keys.flatMap((key, index) =>
            weak[index] ? spreadOut(sold(key, index + 1)) : sold(key, index + 1),
          );
          const { verdict, strength } = reportOn(history(planOf(keys, limits(share)), attempts));
          const strong = weak.filter((isWeak) => !isWeak).length;
          expect(strength.rounds).toBe(strong);
          expect(verdict).toBe(strong > 0 && strong / weak.length >= share ? 'pass' : 'inconclusive');
        },
      ),
    );
  });
});

describe('a weak round that is raced again', () => {
  const failed = spreadOut(round(1, 'A', times(4, unanswered)));
  const readBacks = SEATS.map(
    (key): ReadBack => ({ inventory: key, when: 'after', kind: 'read', units: 1, orderIds: [key] }),
  );
  const rest = SEATS.slice(1).flatMap((key, index) => sold(key, index + 2));
  const raced = (...again: Attempt[]) =>
    history(planOf(SEATS, { readBack: true, ...limits(1) }), [...failed, ...rest, ...again], readBacks);
  const weakIds = (race: History) => idsOf(race).filter((id) => id === 'weak-contention');

  it('does not count against the share if its repetition is strong', () => {
    expect(weakIds(raced(...sold('A', 5)))).toEqual([]);
    expect(reportOn(raced(...sold('A', 5))).rounds.map(({ weak }) => weak !== undefined)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('counts if its repetition is weak too, or if nobody raced it again', () => {
    expect(weakIds(raced(...spreadOut(sold('A', 5))))).toHaveLength(2);
    expect(weakIds(raced())).toHaveLength(1);
  });

  it('counts if it sold something: the next round on it is another race', () => {
    const booked = spreadOut(sold('A', 1));
    const later = [
      operation(1, 'cancel', ok(204), [2000, 2020], 2),
      ...[2, 3, 4].map((vu) => operation(vu, 'book', refused(), [2000, 2010], 2)),
    ];
    const race = history(planOf(['A'], { rule: { name: 'cancel-rebook', busy: [423] }, ...limits(1) }), [
      ...booked,
      ...later,
    ]);
    expect(weakIds(race)).toHaveLength(1);
  });
});

describe('a round in which every attempt broke, as the limits allow', () => {
  const tolerant = { limits: { ...plan().limits, strongRounds: 0.75, serverErrors: 1000 }, readBack: true };
  const broken = [...times(3, serverError), unanswered()];
  const free: ReadBack = { inventory: 'A', when: 'after', kind: 'read', units: 0, orderIds: [] };

  it('proves nothing, although the server says that nothing is stored', () => {
    const race = history(planOf(['A'], tolerant), round(1, 'A', broken), [free]);
    expect(said(race)).toEqual([
      [
        'doubt weak-contention',
        'seat A was not fought over as planned: all 4 attempts broke, and nobody was refused',
        [1, 4],
      ],
    ]);
    expect(idsOf({ ...race, run: { ...race.run, version: 2 } })).toEqual(['no-winner']);
  });

  it('is strong with a winner', () => {
    const right = history(planOf(['A'], tolerant), round(1, 'A', [ok(201, 'a'), ...broken.slice(1)]), [
      { ...free, units: 1, orderIds: ['a'] },
    ]);
    expect(idsOf(right)).toEqual([]);
  });

  it('stays weak where the seat is sold in another round', () => {
    const again = history(
      planOf(['A'], tolerant),
      [...round(1, 'A', broken), ...sold('A', 2)],
      [{ ...free, units: 1, orderIds: ['A'] }],
    );
    expect(idsOf(again)).toEqual([]);
    expect(reportOn(again).rounds.map(({ weak }) => weak !== undefined)).toEqual([true, false]);
  });
});

describe('an answer whose rest was lost', () => {
  const settledRace = (others: Conclusion) =>
    idsOf(history(plan(), round(1, 'A', [ok(201, 'a'), ...times(3, () => others)]), [stored(1, ['a'])]));

  it('shows that its request arrived, unlike a reset', () => {
    expect(settledRace(cutOff())).not.toContain('weak-contention');
    expect(settledRace(unanswered('reset'))).toContain('weak-contention');
  });
});

describe('a pool for which there was enough', () => {
  const pools = (...wishes: readonly number[]) =>
    history(
      plan({
        inventories: wishes.map((_, index) => ({ key: SEATS[index] ?? '', capacity: 5 })),
        rule: { name: 'quota' },
        ...limits(0.5),
      }),
      wishes.flatMap((units, index) => {
        const answers = units === 1 ? times(4, ok) : [ok(), ok(), refused(), refused()];
        return asking(
          round(index + 1, SEATS[index] ?? '', answers),
          answers.map(() => ({ units })),
        );
      }),
    );

  it('is a weak round like any other', () => {
    expect(idsOf(pools(2, 1)).filter((id) => id === 'weak-contention')).toEqual([]);
    expect(said(pools(1, 1, 2)).filter(([kind]) => kind === 'doubt weak-contention')).toEqual([
      ['doubt weak-contention', 'seat A was not fought over: 4 units were wanted of 5', []],
      ['doubt weak-contention', 'seat B was not fought over: 4 units were wanted of 5', []],
    ]);
    expect(reportOn(pools(2, 1)).rounds.map(({ weak }) => weak)).toEqual([undefined, ['4 units were wanted of 5']]);
  });
});
