import { type Attempt, type History, roundsOf, weakBecause, weaknessesOf } from '../../../model/index.ts';
import { violationsIn } from './judge.ts';
import { settled } from './settled.ts';

/** What one visit to an inventory amounts to, while rounds repeat. */
export interface VisitVerdict {
  /** Something in it is wrong, whatever comes next. */
  readonly isViolated: boolean;
  /** How many rounds of it count. */
  readonly strongRounds: number;
  /** Somebody got something, which proves that the request is right. */
  readonly hasWinner: boolean;
}

/**
 * Judges one visit by itself. How slow the answers are is judged at the end, over all rounds.
 *
 * @param visit the history of the visit alone
 * @param proof the history of an earlier visit that somebody won; absent: there is none yet
 */
export function judgeVisit(visit: History, proof?: History): VisitVerdict {
  // The plan of a visit is its inventory alone, so its first round is the planned one, which has number 1.
  const alone = numberedFrom(1, visit);
  const proven = proof && numberedFrom(lastRoundOf(alone) + 1, proof);
  const together: History =
    proven === undefined
      ? alone
      : {
          ...alone,
          attempts: [...proven.attempts, ...alone.attempts],
          readBacks: [...proven.readBacks, ...alone.readBacks],
        };
  const own = settled(alone);
  const rounds = roundsOf(own.run.plan, own.attempts, own.unjudged).filter(({ attempts }) => attempts.length > 0);
  const numbers = new Set(rounds.map(({ number }) => number));
  const violations = violationsIn(together).filter(
    ({ id, round }) => id !== 'slow' && (round === undefined || numbers.has(round)),
  );
  const weaknesses = weaknessesOf(own, rounds);
  return {
    isViolated: violations.length > 0,
    strongRounds: rounds.filter((round) => weakBecause(weaknesses.get(round)).length === 0).length,
    hasWinner: own.attempts.some(({ outcome }) => outcome === 'ok'),
  };
}

const everyone = ({ attempts, unjudged = [] }: History): readonly Attempt[] => [...attempts, ...unjudged];

const lastRoundOf = (history: History): number =>
  everyone(history).reduce((last, { round }) => Math.max(last, round), 0);

/** The same rounds at the same distances, under other numbers. */
function numberedFrom(number: number, history: History): History {
  const first = everyone(history).reduce((least, { round }) => Math.min(least, round), Infinity);
  const moved = (attempt: Attempt): Attempt => ({ ...attempt, round: attempt.round - first + number });
  const { attempts, unjudged } = history;
  return { ...history, attempts: attempts.map(moved), ...(unjudged && { unjudged: unjudged.map(moved) }) };
}
