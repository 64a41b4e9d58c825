import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  type Conclusion,
  type History,
  type ReadBack,
  type Verdict,
  verdictOf,
} from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { history, ok, plan, problem, refused, round, serverError, unanswered } from '../support/histories.ts';

const conclusion: fc.Arbitrary<Conclusion> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(400, 409, 423).map((status) => refused(status)) },
  { weight: 2, arbitrary: fc.uuid().map((id) => ok(201, id)) },
  { weight: 1, arbitrary: fc.constant(unanswered()) },
  { weight: 1, arbitrary: fc.constant(serverError()) },
  { weight: 1, arbitrary: fc.constant(refused(422)) },
  { weight: 1, arbitrary: fc.constant(refused(401, 'no', 'not-authorised')) },
);

/** What the server may say of a seat, before the race or after it; undefined: nothing. */
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

/** Any history of 1 to 4 rounds with 2 to 8 contenders, of a server that may have been asked before and afterwards. */
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

/** A history that has earned its pass. */
const goodHistory: fc.Arbitrary<History> = fc
  .record({
    contenders: fc.integer({ min: 2, max: 8 }),
    winners: fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ contenders, winners }) => {
    const its = plan({
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
      its,
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

const verdict = (its: History): Verdict => verdictOf(judge(its));
const doubles = (its: History) =>
  judge(its)
    .filter((finding) => finding.id === 'double-booking')
    .map((finding) => finding.inventory);
const replaced = (its: History, index: number, make: (attempt: Attempt) => Attempt | undefined): History => ({
  ...its,
  attempts: its.attempts.flatMap((attempt, at) => (at === index ? (make(attempt) ?? []) : attempt)),
});
const concluded = (
  { round: number, inventory, vu, stagedAtMs, releasedAtMs, firstByteAtMs, completedAtMs }: Attempt,
  its: Conclusion,
) => ({ round: number, inventory, vu, stagedAtMs, releasedAtMs, firstByteAtMs, completedAtMs, ...its }) as Attempt;

describe('the judging, whatever the history', () => {
  it('does not depend on the order in which attempts are recorded', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((its) =>
          fc
            .shuffledSubarray([...its.attempts], { minLength: its.attempts.length, maxLength: its.attempts.length })
            .map((shuffled) => ({ its, shuffled })),
        ),
        ({ its, shuffled }) => {
          expect(judge({ ...its, attempts: shuffled })).toEqual(judge(its));
        },
      ),
    );
  });

  it('never turns from fail to pass by an attempt whose outcome is unknown', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (its, at) => {
        fc.pre(verdict(its) === 'fail');
        const [like] = its.attempts.slice(at % its.attempts.length);
        const added = like ? [...its.attempts, concluded({ ...like, vu: 99 }, unanswered())] : its.attempts;
        expect(verdict({ ...its, attempts: added })).not.toBe('pass');
      }),
    );
  });

  it('finds no more double bookings when capacity is raised', () => {
    fc.assert(
      fc.property(anyHistory, (its) => {
        const inventories = its.run.plan.inventories.map(({ key, capacity }) => ({ key, capacity: capacity + 1 }));
        const raised = { ...its, run: { ...its.run, plan: { ...its.run.plan, inventories } } };
        expect(doubles(its)).toEqual(expect.arrayContaining(doubles(raised)));
      }),
    );
  });

  it('finds no more double bookings when a contender is taken away', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (its, at) => {
        const fewer = replaced(its, at % its.attempts.length, () => undefined);
        expect(doubles(its)).toEqual(expect.arrayContaining(doubles(fewer)));
      }),
    );
  });

  it('has a witness for every accusation against a seat', () => {
    fc.assert(
      fc.property(anyHistory, (its) => {
        for (const finding of judge(its)) if (finding.severity === 'violation') expect(finding.witness).not.toEqual([]);
      }),
    );
  });
});

describe('a pass', () => {
  it('is given to one winner per seat, every loser refused, in full contention', () => {
    fc.assert(
      fc.property(goodHistory, (its) => {
        expect(judge(its)).toEqual([]);
      }),
    );
  });

  const loserOf = (its: History, at: number) => {
    const losers = its.attempts.flatMap((attempt, index) => (attempt.outcome === 'fail' ? [index] : []));
    return losers[at % losers.length] ?? 0;
  };
  const mutations: Record<string, (its: History, at: number) => History> = {
    'an extra winner': (its, at) => replaced(its, loserOf(its, at), (attempt) => concluded(attempt, ok(201, 'extra'))),
    'a dropped attempt': (its, at) => replaced(its, at % its.attempts.length, () => undefined),
    'a 500': (its, at) => replaced(its, loserOf(its, at), (attempt) => concluded(attempt, serverError())),
    'a 401': (its, at) =>
      replaced(its, loserOf(its, at), (attempt) => concluded(attempt, refused(401, 'no', 'not-authorised'))),
    'a 429': (its, at) =>
      replaced(its, loserOf(its, at), (attempt) => concluded(attempt, refused(429, 'no', 'rate-limited'))),
    'a strange refusal': (its, at) => replaced(its, loserOf(its, at), (attempt) => concluded(attempt, refused(404))),
    'a lost order': (its, at) => ({
      ...its,
      readBacks: its.readBacks.map((readBack, index) =>
        index === at % its.readBacks.length
          ? { inventory: readBack.inventory, when: 'after', kind: 'read', units: 0, orderIds: [] }
          : readBack,
      ),
    }),
    'a second order on the server': (its, at) => ({
      ...its,
      readBacks: its.readBacks.map((readBack, index) =>
        index === at % its.readBacks.length
          ? { inventory: readBack.inventory, when: 'after', kind: 'read', units: 2, orderIds: ['x', 'y'] }
          : readBack,
      ),
    }),
    'a seat that was not read back': (its, at) => ({
      ...its,
      readBacks: its.readBacks.filter((_, index) => index !== at % its.readBacks.length),
    }),
    'a late contender': (its, at) =>
      replaced(its, at % its.attempts.length, (attempt) => ({
        ...attempt,
        releasedAtMs: (attempt.releasedAtMs ?? 0) + 60,
        completedAtMs: attempt.completedAtMs + 60,
      })),
    'a winner that is missing': (its) =>
      replaced(
        { ...its, readBacks: [], run: { ...its.run, plan: { ...its.run.plan, readBack: false } } },
        its.attempts.findIndex((attempt) => attempt.outcome === 'ok'),
        (attempt) => concluded(attempt, refused()),
      ),
    'an attempt that is recorded twice, in the place of another': (its, at) =>
      replaced(its, loserOf(its, at), (attempt) => ({ ...attempt, vu: attempt.vu === 1 ? 2 : attempt.vu - 1 })),
    'an attempt more than planned': (its, at) => ({
      ...its,
      attempts: [
        ...its.attempts,
        ...its.attempts
          .slice(loserOf(its, at))
          .slice(0, 1)
          .map((more) => ({ ...more, vu: 99 })),
      ],
    }),
    'a seat that may have been taken before': (its, at) => ({
      ...its,
      readBacks: [
        ...its.readBacks,
        ...its.readBacks
          .slice(at % its.readBacks.length)
          .slice(0, 1)
          .map(({ inventory }) => ({ inventory, when: 'before', kind: 'unreadable', error: 'status 500' }) as const),
      ],
    }),
    'an end that is missing': ({ run, attempts, readBacks, problems }) => ({ run, attempts, readBacks, problems }),
    'a problem around the race': (its) => ({ ...its, problems: [problem('sign-in refused')] }),
  };

  it.each(Object.entries(mutations))('is lost by %s', (_name, mutate) => {
    fc.assert(
      fc.property(goodHistory, fc.nat(), (its, at) => {
        expect(verdict(mutate(its, at))).not.toBe('pass');
      }),
    );
  });
});
