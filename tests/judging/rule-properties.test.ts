import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, Finding, History, Intent, Plan, ReadBack, Rule } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { asking, granting, history, ok, pending, refused, round, ruled, unanswered } from '../support/histories.ts';

/** The rules against small models that know what really happened: nobody is accused wrongly, and no fault is missed. */

interface Told {
  readonly conclusion: Conclusion;
  readonly intent?: Intent;
}

function raceOf(
  rule: Rule,
  told: readonly Told[],
  readBacks: readonly ReadBack[],
  overrides: Partial<Plan> = {},
): History {
  const attempts = round(
    1,
    'A',
    told.map(({ conclusion }) => conclusion),
  );
  return history(
    ruled(rule, told.length, { readBack: readBacks.length > 0, ...overrides }),
    asking(
      attempts,
      told.map(({ intent = {} }) => intent),
    ),
    readBacks,
  );
}

const violations = (race: History): Finding[] => judge(race).filter(({ severity }) => severity === 'violation');
const idsOf = (race: History) => violations(race).map(({ id }) => id);
const read = (more: Partial<ReadBack & { kind: 'read' }>): ReadBack => ({
  inventory: 'A',
  when: 'after',
  kind: 'read',
  units: 0,
  orderIds: [],
  ...more,
});

/** Whether an answer is lost on its way. */
const losing = (count: number) => fc.array(fc.boolean(), { minLength: count, maxLength: count });
const arrived = (conclusion: Conclusion, isLost: boolean | undefined): Conclusion =>
  isLost ? unanswered() : conclusion;
const witnessOf = (race: History, id: Finding['id']): readonly Attempt[] =>
  violations(race).find((finding) => finding.id === id)?.witness ?? [];

describe('allocation', () => {
  const sale = fc
    .record({ capacity: fc.integer({ min: 2, max: 5 }), losers: fc.integer({ min: 1, max: 4 }), isRead: fc.boolean() })
    .chain((size) => losing(size.capacity + size.losers).map((lost) => ({ ...size, lost })));

  it('accuses nobody who gives each unit once, and finds one that is given twice', () => {
    fc.assert(
      fc.property(sale, fc.nat(), fc.nat(), ({ capacity, losers, isRead, lost }, from, to) => {
        const units = Array.from({ length: capacity }, (_, index) => `s${index}`);
        const told = [...units.map((unit) => granting([unit])), ...Array.from({ length: losers }, () => refused())].map(
          (conclusion, index): Told => ({ conclusion: arrived(conclusion, lost[index]) }),
        );
        const readBacks = isRead ? [read({ when: 'before' }), read({ units: capacity })] : [];
        const inventories = [{ key: 'A', capacity }];
        const right = raceOf({ name: 'allocation' }, told, readBacks, { inventories });
        expect(idsOf(right)).toEqual([]);

        const [a, b] = [from % capacity, to % (capacity + losers)];
        fc.pre(a !== b);
        const twice = told.map((each, index) =>
          index === a || index === b ? { conclusion: granting([`s${a}`]) } : each,
        );
        const wrong = raceOf({ name: 'allocation' }, twice, [], { inventories });
        const witness = witnessOf(wrong, 'double-booking');
        expect(witness.map(({ vu }) => vu)).toEqual([a, b].toSorted((x, y) => x - y).map((index) => index + 1));
      }),
    );
  });
});

describe('intervals', () => {
  const stretch = fc
    .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 5 }))
    .map(([from, length]) => ({ from, to: from + length }));
  type Stretch = { readonly from: number; readonly to: number };
  const depthAt = (stretches: readonly Stretch[], moment: number) =>
    stretches.filter(({ from, to }) => from <= moment && moment < to).length;
  const depthOf = (stretches: readonly Stretch[]) =>
    Math.max(0, ...stretches.map(({ from }) => depthAt(stretches, from)));
  const wishes = fc.array(fc.tuple(stretch, fc.constantFrom('ok', 'fail', 'info')), { minLength: 2, maxLength: 8 });

  it('finds an overlap exactly where a count at every beginning finds one, by as few bookings as prove it', () => {
    fc.assert(
      fc.property(wishes, fc.integer({ min: 1, max: 3 }), (asked, capacity) => {
        const told = asked.map(
          ([intent, outcome], index): Told => ({
            intent,
            conclusion: outcome === 'ok' ? ok(201, `o${index}`) : outcome === 'fail' ? refused() : unanswered(),
          }),
        );
        const race = raceOf({ name: 'intervals' }, told, [], { inventories: [{ key: 'A', capacity }] });
        const booked = asked.flatMap(([wish, outcome]) => (outcome === 'ok' ? [wish] : []));
        const isWrong = depthOf(booked) > capacity;
        expect(idsOf(race)).toEqual(isWrong ? ['double-booking'] : []);
        if (!isWrong) return;
        const witness = witnessOf(race, 'double-booking');
        expect(witness).toHaveLength(capacity + 1);
        expect(depthOf(witness as unknown as Stretch[])).toBe(capacity + 1);
      }),
    );
  });
});

describe('state', () => {
  it('asks only how much is stored', () => {
    const answers = fc.array(fc.constantFrom(ok(200), refused(404), pending(), unanswered()), {
      minLength: 4,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        answers,
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (said, units, capacity, exactly) => {
          fc.pre(said.some(({ outcome }) => outcome === 'ok'));
          const race = raceOf(
            { name: 'state', exactly },
            said.map((conclusion) => ({ conclusion })),
            [read({ units })],
            {
              inventories: [{ key: 'A', capacity }],
            },
          );
          const ids = judge(race).map(({ id }) => id);
          expect(ids.includes('double-booking')).toBe(units > capacity);
          expect(ids.includes('lost-booking')).toBe(units < capacity && exactly);
          expect(ids.filter((id) => !['double-booking', 'lost-booking'].includes(id))).toEqual([]);
        },
      ),
    );
  });
});

describe('balance', () => {
  const amount = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  const signed = (cents: number) => (cents < 0 ? `-${amount(-cents)}` : amount(cents));
  const withdrawals = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom('ok', 'fail', 'info', 'taken')),
    {
      minLength: 2,
      maxLength: 7,
    },
  );
  const sumOf = (cents: readonly number[]) => cents.reduce((a, b) => a + b, 0);
  /** The smallest number of withdrawals that together exceed the limit. */
  const fewest = (cents: readonly number[], limit: number) => {
    const largest = cents.toSorted((a, b) => b - a);
    return largest.findIndex((_, index) => sumOf(largest.slice(0, index + 1)) > limit) + 1;
  };

  it('adds up as whole cents do', () => {
    fc.assert(
      fc.property(
        withdrawals,
        fc.integer({ min: 1, max: 1500 }),
        fc.integer({ min: -200, max: 200 }),
        (asked, limit, error) => {
          // `taken`: the amount was taken, and the answer was lost.
          const told = asked.map(
            ([cents, outcome]): Told => ({
              intent: { units: amount(cents) },
              conclusion: outcome === 'ok' ? ok() : outcome === 'fail' ? refused() : unanswered(),
            }),
          );
          const of = (...outcomes: string[]) =>
            asked.flatMap(([cents, outcome]) => (outcomes.includes(outcome) ? [cents] : []));
          const granted = sumOf(of('ok'));
          const taken = sumOf(of('ok', 'taken')) + error;
          const race = raceOf(
            { name: 'balance' },
            told,
            [read({ when: 'before', remaining: amount(limit) }), read({ remaining: signed(limit - taken) })],
            { inventories: [{ key: 'A', capacity: limit / 100, amount: amount(limit) }] },
          );
          const isOverspent = granted > limit || taken > limit;
          const most = granted + sumOf(of('info', 'taken'));
          const found = idsOf(race).filter((id) => id !== 'no-winner');
          expect(found).toEqual([
            ...(isOverspent ? ['double-booking'] : []),
            ...(taken < granted ? ['lost-booking'] : []),
            ...(taken > most && taken <= limit ? ['ghost-booking'] : []),
          ]);
          if (granted > limit) expect(witnessOf(race, 'double-booking')).toHaveLength(fewest(of('ok'), limit));
        },
      ),
    );
  });
});

describe('unique', () => {
  it('finds what a set finds, and a gap where a range has one', () => {
    const values = fc.array(fc.integer({ min: -3, max: 6 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(values, fc.nat({ max: 2 }), fc.boolean(), (given, lost, gapless) => {
        const told = [
          ...given.map((value): Told => ({ conclusion: granting([String(value)]) })),
          ...Array.from({ length: lost }, (): Told => ({ conclusion: unanswered() })),
        ];
        const race = raceOf({ name: 'unique', gapless }, told, []);
        const different = new Set(given);
        const missing = Math.max(...given) - Math.min(...given) + 1 - different.size;
        expect(idsOf(race)).toEqual([
          ...(different.size < given.length ? ['not-unique'] : []),
          ...(gapless && missing > lost ? ['gap'] : []),
        ]);
        const twice = witnessOf(race, 'not-unique').flatMap((attempt) =>
          attempt.outcome === 'ok' ? attempt.grantedIds : [],
        );
        expect(new Set(twice).size).toBe(twice.length / 2);
        expect([0, 2]).toContain(witnessOf(race, 'gap').length);
      }),
    );
  });
});

describe('exclusive', () => {
  const operations = ['pay', 'cancel', 'refund'] as const;
  const tries = fc.array(fc.constantFrom(...operations), { minLength: 2, maxLength: 7 });
  const system = tries.chain((asked) =>
    losing(asked.length).map((lost) => ({ asked, lost, winner: asked[0] ?? operations[0] })),
  );
  const rule: Rule = { name: 'exclusive', operations: [...operations] };

  it('accuses no system in which the first operation wins, whatever answers are lost', () => {
    fc.assert(
      fc.property(system, fc.constantFrom('off', 'before and after', 'after'), ({ asked, lost, winner }, kind) => {
        const told = asked.map(
          (operation, index): Told => ({
            intent: { operation },
            conclusion: arrived(operation === winner ? ok() : refused(), lost[index]),
          }),
        );
        const readBacks = [read({ when: 'before', holds: [] }), read({ units: 1, holds: [winner] })];
        const asking = { off: [], 'before and after': readBacks, after: readBacks.slice(1) };
        expect(idsOf(raceOf(rule, told, asking[kind]))).toEqual([]);
      }),
    );
  });

  it('finds a second operation in the answers or on the server, by one answer for each', () => {
    fc.assert(
      fc.property(system, ({ asked, winner }) => {
        const other = asked.findIndex((operation) => operation !== winner);
        fc.pre(other >= 0);
        const told = asked.map(
          (operation, index): Told => ({
            intent: { operation },
            conclusion: operation === winner || index === other ? ok() : refused(),
          }),
        );
        const wrong = raceOf(rule, told, []);
        expect(idsOf(wrong)).toEqual(['exclusive-broken']);
        expect(witnessOf(wrong, 'exclusive-broken').map(({ vu }) => vu)).toEqual([1, other + 1]);
        const right = told.map((each, index) => (index === other ? { ...each, conclusion: refused() } : each));
        const holds = [winner, asked[other] ?? ''];
        expect(idsOf(raceOf(rule, right, [read({ units: 2, holds })]))).toEqual(['exclusive-broken']);
      }),
    );
  });
});
