import {
  type Attempt,
  deviationMs,
  type FoldedHistory,
  named,
  type Round,
  subjectIdOf,
  type Weakness,
  weakBecause,
} from '../../../model/index.ts';
import { type Checker, type Found, subjectOf } from './evidence.ts';

/**
 * Was it a race at all? Nothing is proven by a race that did not happen. A few weak rounds are no doubt: reports name them,
 * and only strong rounds count. Below the share of strong rounds that the limits demand, each weak round is a doubt.
 */
export const weakContention: Checker = ({ plan, history, raced: { weaknesses }, rounds, inventories }) => {
  if (plan.oneAtATime === true) return [ONE_AT_A_TIME];
  const { strongRounds = 1 } = plan.limits;
  const { counted, strong } = strongIn(rounds, weaknesses);
  const all = { counted: counted + (history.folded?.counted ?? 0), strong: strong + (history.folded?.strong ?? 0) };
  // Without any strong round nothing is proven, however little the limits demand.
  if (all.counted === 0 || (all.strong > 0 && all.strong / all.counted >= strongRounds)) return [];
  return [
    ...rounds.flatMap((round) => {
      const { reasons = [] } = weaknesses.get(round) ?? {};
      if (reasons.length === 0) return [];
      return [
        {
          id: 'weak-contention' as const,
          round: round.number,
          inventory: round.inventory.key,
          message: `${named(history.run.label, round.inventory.key)} was not fought over as planned: ${reasons.join('; ')}`,
          witness: round.offsets === undefined ? outermost(round) : furthestOff(round),
        },
      ];
    }),
    ...inventories.flatMap((contest) => {
      const first = rounds.find((round) => subjectIdOf(round) === subjectIdOf(contest) && round.attempts.length > 0);
      const plenty = first && weaknesses.get(first)?.plenty;
      if (plenty === undefined) return [];
      const message = `${named(history.run.label, contest.inventory.key)} was not fought over: ${plenty}`;
      return [{ id: 'weak-contention' as const, ...subjectOf(contest), message, witness: [] }];
    }),
    ...foldedWeak(history),
  ];
};

/** The weak rounds of a long run whose attempts are not kept: any of them may be all that is weak. */
function foldedWeak({ folded }: FoldedHistory): Found[] {
  const weak = folded === undefined ? 0 : folded.counted - folded.strong;
  if (weak === 0) return [];
  const [more, were] = weak === 1 ? ['1 more round', 'was'] : [`${weak.toLocaleString('en-US')} more rounds`, 'were'];
  return [{ id: 'weak-contention', message: `${more} ${were} not fought over as planned`, witness: [] }];
}

const ONE_AT_A_TIME: Found = {
  id: 'weak-contention',
  message: 'the attempts were sent one after the other, so nothing was raced',
  witness: [],
};

/** How many rounds count for how strong the contention was, and how many of these were strong. */
export function strongIn(
  rounds: readonly Round[],
  weaknesses: ReadonlyMap<Round, Weakness>,
): { readonly counted: number; readonly strong: number } {
  const isWeak = (round: Round) => weakBecause(weaknesses.get(round)).length > 0;
  const raced = rounds.filter(({ attempts }) => attempts.length > 0);
  const counted = raced.filter((round) => !isWeak(round) || !isMadeUpFor(round, raced, isWeak));
  return { counted: counted.length, strong: counted.filter((round) => !isWeak(round)).length };
}

/**
 * Whether a weak round was raced again, and well. It sold nothing, so the second round is the same race for the same thing:
 * counting both would call a run weak for the very repetition that made it strong. Where the weak round sold something, the
 * next round on the inventory is another race, such as a cancellation.
 */
const isMadeUpFor = (weak: Round, rounds: readonly Round[], isWeak: (round: Round) => boolean): boolean =>
  weak.attempts.every(({ outcome }) => outcome !== 'ok') &&
  rounds.some((round) => subjectIdOf(round) === subjectIdOf(weak) && round.number > weak.number && !isWeak(round));

/** The attempt whose release was furthest off its plan. */
function furthestOff({ attempts }: Round): Attempt[] {
  return attempts
    .filter((attempt) => deviationMs(attempt) !== undefined)
    .toSorted((a, b) => (deviationMs(b) ?? 0) - (deviationMs(a) ?? 0))
    .slice(0, 1);
}

/** The first and the last one released: they span the spread. */
function outermost({ attempts }: Round): Attempt[] {
  const released = attempts.filter((attempt) => attempt.releasedAtMs !== undefined);
  const [first, last] = [released[0], released.at(-1)];
  return first === undefined || last === undefined || first === last ? released.slice(0, 1) : [first, last];
}
