import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  type Conclusion,
  type History,
  type ReadBack,
  ruleOf,
  spreadOf,
  statusOf,
  type Verdict,
  verdictOf,
  withOutcome,
} from '../../model/index.ts';
import { judge, remarksOf, settled } from '../../plugin/src/judging/index.ts';
import { unitsTold } from '../../plugin/src/judging/told.ts';
import {
  cutOff,
  history,
  ok,
  pending,
  plan,
  problem,
  refused,
  round,
  serverError,
  unanswered,
  unrecognised,
} from '../support/histories.ts';
import { rightOrders, rightSales, rightSubmissions, rightTurns } from '../support/right-systems.ts';

const conclusion: fc.Arbitrary<Conclusion> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(400, 409, 423).map((status) => refused(status)) },
  { weight: 2, arbitrary: fc.uuid().map((id) => ok(201, id)) },
  { weight: 1, arbitrary: fc.constant(unanswered()) },
  { weight: 1, arbitrary: fc.constant(serverError()) },
  { weight: 1, arbitrary: fc.constant(refused(422)) },
  { weight: 1, arbitrary: fc.constant(refused(401, 'no', 'not-authorised')) },
);

/** What the server may say about a seat, before the race or after it; undefined: nothing. */
const anyReadBack = (inventory: string, when: ReadBack['when']): fc.Arbitrary<ReadBack | undefined> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant({ inventory, when, kind: 'unreadable', error: 'status 500' } as const) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.constantFrom('x', 'y', 'z'), { maxLength: when === 'before' ? 1 : 3 })
        .map((orderIds) => ({ inventory, when, kind: 'read', units: orderIds.length, orderIds }) as const),
    },
  );

/** Any history of 1 to 4 rounds with 2 to 8 contenders; the server may have been asked before and afterwards. */
const anyHistory: fc.Arbitrary<History> = fc
  .record({
    contenders: fc.integer({ min: 2, max: 8 }),
    seats: fc.integer({ min: 1, max: 4 }),
    capacity: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ contenders, seats, capacity }) =>
    fc
      .array(fc.array(conclusion, { minLength: contenders, maxLength: contenders }), {
        minLength: seats,
        maxLength: seats,
      })
      .chain((rounds) =>
        fc
          .tuple(
            ...rounds.flatMap((_, index) => [anyReadBack(`S${index}`, 'before'), anyReadBack(`S${index}`, 'after')]),
          )
          .map((answers) =>
            history(
              plan({
                contenders,
                readBack: answers.some((answer) => answer !== undefined),
                inventories: rounds.map((_, index) => ({ key: `S${index}`, capacity })),
              }),
              rounds.flatMap((conclusions, index) => round(index + 1, `S${index}`, conclusions)),
              answers.filter((answer) => answer !== undefined),
            ),
          ),
      ),
  );

/** A history that has earned race pass. */
const goodHistory: fc.Arbitrary<History> = fc
  .record({
    contenders: fc.integer({ min: 2, max: 8 }),
    winners: fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ contenders, winners }) => {
    const goodPlan = plan({
      contenders,
      readBack: true,
      inventories: winners.map((_, index) => ({ key: `S${index}`, capacity: 1 })),
    });
    const attempts = winners.flatMap((winner, index) =>
      round(
        index + 1,
        `S${index}`,
        Array.from({ length: contenders }, (_, vu) => (vu === winner % contenders ? ok(201, `o${index}`) : refused())),
      ),
    );
    return history(
      goodPlan,
      attempts,
      winners.map((_, index) => ({
        inventory: `S${index}`,
        when: 'after',
        kind: 'read',
        units: 1,
        orderIds: [`o${index}`],
      })),
    );
  });

const verdict = (race: History): Verdict => verdictOf(judge(race));
const doubles = (race: History) =>
  judge(race)
    .filter((finding) => finding.id === 'double-booking')
    .map((finding) => finding.inventory);
const replaced = (race: History, index: number, make: (attempt: Attempt) => Attempt | undefined): History => ({
  ...race,
  attempts: race.attempts.flatMap((attempt, at) => (at === index ? (make(attempt) ?? []) : attempt)),
});
const concluded = (
  { round: number, inventory, vu, stagedAtMs, releasedAtMs, firstByteAtMs, completedAtMs }: Attempt,
  conclusion: Conclusion,
) =>
  ({ round: number, inventory, vu, stagedAtMs, releasedAtMs, firstByteAtMs, completedAtMs, ...conclusion }) as Attempt;

describe('the judging, whatever the history', () => {
  it('gives the same findings in whatever order the attempts are recorded', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((race) =>
          fc
            .shuffledSubarray([...race.attempts], { minLength: race.attempts.length, maxLength: race.attempts.length })
            .map((shuffled) => ({ race, shuffled })),
        ),
        ({ race, shuffled }) => {
          expect(judge({ ...race, attempts: shuffled })).toEqual(judge(race));
        },
      ),
    );
  });

  it('never turns from fail to pass by an attempt with an unknown outcome', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (race, at) => {
        fc.pre(verdict(race) === 'fail');
        const [like] = race.attempts.slice(at % race.attempts.length);
        const added = like ? [...race.attempts, concluded({ ...like, vu: 99 }, unanswered())] : race.attempts;
        expect(verdict({ ...race, attempts: added })).not.toBe('pass');
      }),
    );
  });

  it('finds no more double bookings if capacity is raised', () => {
    fc.assert(
      fc.property(anyHistory, (race) => {
        const inventories = race.run.plan.inventories.map(({ key, capacity }) => ({ key, capacity: capacity + 1 }));
        const raised = { ...race, run: { ...race.run, plan: { ...race.run.plan, inventories } } };
        expect(doubles(race)).toEqual(expect.arrayContaining(doubles(raised)));
      }),
    );
  });

  it('finds no more double bookings if a contender is taken away', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (race, at) => {
        const fewer = replaced(race, at % race.attempts.length, () => undefined);
        expect(doubles(race)).toEqual(expect.arrayContaining(doubles(fewer)));
      }),
    );
  });

  it('has a witness for every accusation against a seat', () => {
    fc.assert(
      fc.property(anyHistory, (race) => {
        for (const finding of judge(race))
          if (finding.severity === 'violation') expect(finding.witness).not.toEqual([]);
      }),
    );
  });
});

describe('a pass', () => {
  it('needs one winner per seat, every loser refused, in full contention', () => {
    fc.assert(
      fc.property(goodHistory, (race) => {
        expect(judge(race)).toEqual([]);
      }),
    );
  });

  const loserOf = (race: History, at: number) => {
    const losers = race.attempts.flatMap((attempt, index) => (attempt.outcome === 'fail' ? [index] : []));
    return losers[at % losers.length] ?? 0;
  };
  const mutations: Record<string, (race: History, at: number) => History> = {
    'an extra winner': (race, at) =>
      replaced(race, loserOf(race, at), (attempt) => concluded(attempt, ok(201, 'extra'))),
    'a dropped attempt': (race, at) => replaced(race, at % race.attempts.length, () => undefined),
    'a 500': (race, at) => replaced(race, loserOf(race, at), (attempt) => concluded(attempt, serverError())),
    'a 401': (race, at) =>
      replaced(race, loserOf(race, at), (attempt) => concluded(attempt, refused(401, 'no', 'not-authorised'))),
    'a 429': (race, at) =>
      replaced(race, loserOf(race, at), (attempt) => concluded(attempt, refused(429, 'no', 'rate-limited'))),
    'a strange refusal': (race, at) => replaced(race, loserOf(race, at), (attempt) => concluded(attempt, refused(404))),
    'a lost order': (race, at) => ({
      ...race,
      readBacks: race.readBacks.map((readBack, index) =>
        index === at % race.readBacks.length
          ? { inventory: readBack.inventory, when: 'after', kind: 'read', units: 0, orderIds: [] }
          : readBack,
      ),
    }),
    'a second order on the server': (race, at) => ({
      ...race,
      readBacks: race.readBacks.map((readBack, index) =>
        index === at % race.readBacks.length
          ? { inventory: readBack.inventory, when: 'after', kind: 'read', units: 2, orderIds: ['x', 'y'] }
          : readBack,
      ),
    }),
    'a seat that was not read back': (race, at) => ({
      ...race,
      readBacks: race.readBacks.filter((_, index) => index !== at % race.readBacks.length),
    }),
    'a late contender': (race, at) =>
      replaced(race, at % race.attempts.length, (attempt) => ({
        ...attempt,
        releasedAtMs: (attempt.releasedAtMs ?? 0) + 60,
        completedAtMs: attempt.completedAtMs + 60,
      })),
    'a winner that is missing': (race) =>
      replaced(
        { ...race, readBacks: [], run: { ...race.run, plan: { ...race.run.plan, readBack: false } } },
        race.attempts.findIndex((attempt) => attempt.outcome === 'ok'),
        (attempt) => concluded(attempt, refused()),
      ),
    'an attempt that is recorded twice, in the place of another': (race, at) =>
      replaced(race, loserOf(race, at), (attempt) => ({ ...attempt, vu: attempt.vu === 1 ? 2 : attempt.vu - 1 })),
    'an attempt more than planned': (race, at) => ({
      ...race,
      attempts: [
        ...race.attempts,
        ...race.attempts
          .slice(loserOf(race, at))
          .slice(0, 1)
          .map((more) => ({ ...more, vu: 99 })),
      ],
    }),
    'a seat that may have been taken before': (race, at) => ({
      ...race,
      readBacks: [
        ...race.readBacks,
        ...race.readBacks
          .slice(at % race.readBacks.length)
          .slice(0, 1)
          .map(({ inventory }) => ({ inventory, when: 'before', kind: 'unreadable', error: 'status 500' }) as const),
      ],
    }),
    'an end that is missing': ({ run, attempts, readBacks, problems }) => ({ run, attempts, readBacks, problems }),
    'a problem around the race': (race) => ({ ...race, problems: [problem('sign-in refused')] }),
  };

  it.each(Object.entries(mutations))('is lost by %s', (_name, mutate) => {
    fc.assert(
      fc.property(goodHistory, fc.nat(), (race, at) => {
        expect(verdict(mutate(race, at))).not.toBe('pass');
      }),
    );
  });
});

/** What a pass promises, asked of the history itself and not of the checkers. */
function expectEarned(race: History): void {
  const { attempts, readBacks, run } = settled(race);
  const { plan: of } = run;
  for (const { key, capacity, parts } of of.inventories) {
    const tried = attempts.filter(({ inventory }) => inventory === key);
    const answer = (when: ReadBack['when']) =>
      readBacks.filter((said) => said.inventory === key && said.when === when).at(when === 'before' ? 0 : -1);
    const [before, after] = [answer('before'), answer('after')];
    const unitsIn = (said: ReadBack | undefined) => (said?.kind === 'read' && said.counts !== false ? said.units : 0);
    const unitsBefore = unitsIn(before);
    const told = unitsTold(tried, ruleOf(of));
    const open = withOutcome(tried, 'info');
    if (parts === undefined) expect(told + unitsBefore).toBeLessThanOrEqual(capacity);
    if (after?.kind === 'read' && after.counts !== false) {
      expect(after.units).toBeLessThanOrEqual(capacity);
      expect(after.units - unitsBefore).toBeLessThanOrEqual(Math.max(told, 0));
    }
    if (open.length > 0 && parts === undefined) {
      expect(after?.kind).toBe('read');
      expect(open.map(({ cause }) => cause)).not.toContain('pending');
      expect(open.filter((attempt) => statusOf(attempt) === 201 && attempt.mayPromise)).toEqual([]);
    }
  }
  const rounds = Map.groupBy(attempts, (attempt) => attempt.round);
  const wide = [...rounds].filter(([, ofRound]) => (spreadOf(ofRound) ?? 0) > of.limits.spreadMs);
  expect(wide.length).toBeLessThanOrEqual((1 - (of.limits.strongRounds ?? 1)) * rounds.size);
  expect([...remarksOf(race).weak.keys()]).toEqual(expect.arrayContaining(wide.map(([number]) => number)));
}

const violations = (race: History) => judge(race).filter(({ severity }) => severity === 'violation');
const RIGHT = { rightSales, rightSubmissions, rightOrders, rightTurns };

describe.each(Object.entries(RIGHT))('a system that does everything right: %s', (_name, right) => {
  it('is never accused, however its answers get lost', () => {
    fc.assert(
      fc.property(right, (race) => {
        expect(violations(race)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('passes only where every promise is kept, every attempt settled and every counted round strong', () => {
    fc.assert(
      fc.property(right, (race) => {
        if (verdict(race) === 'pass') expectEarned(race);
      }),
      { numRuns: 400 },
    );
  });

  it('and passes at times', () => {
    expect(
      fc.sample(right, { numRuns: 300, seed: 1 }).filter((race) => verdict(race) === 'pass').length,
    ).toBeGreaterThan(3);
  });
});

describe('any history in which one answer was another', () => {
  const ending: fc.Arbitrary<Conclusion> = fc.oneof(
    conclusion,
    fc.constantFrom(
      cutOff(201),
      cutOff(502),
      pending(),
      pending('S0-order-0'),
      unrecognised(),
      unrecognised(200, 'ambiguous'),
    ),
  );

  it('passes only where every promise is kept, every attempt settled and every counted round strong', () => {
    fc.assert(
      fc.property(rightSales, fc.array(fc.tuple(fc.nat(), ending), { minLength: 1, maxLength: 3 }), (race, changes) => {
        const changed = changes.reduce(
          (so, [at, made]) => replaced(so, at % so.attempts.length, (attempt) => concluded(attempt, made)),
          race,
        );
        if (verdict(changed) === 'pass') expectEarned(changed);
      }),
      { numRuns: 1000 },
    );
  });

  it('or one answer of the read-back', () => {
    fc.assert(
      fc.property(rightSales, fc.nat(), fc.constantFrom(0, 1, 2, 5), fc.boolean(), (race, at, units, isVague) => {
        const changed = race.readBacks.map(
          (said, index): ReadBack =>
            index === at % race.readBacks.length
              ? {
                  inventory: said.inventory,
                  when: said.when,
                  kind: 'read',
                  units,
                  orderIds: [],
                  ...(isVague && { counts: false }),
                }
              : said,
        );
        const other = { ...race, readBacks: changed };
        if (verdict(other) === 'pass') expectEarned(other);
      }),
      { numRuns: 500 },
    );
  });
});
