import {
  type Attempt,
  type Finding,
  type History,
  type Raced,
  type Round,
  racedIn,
  weakBecause,
} from '../../../model/index.ts';
import { findingsIn } from './judge.ts';
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

/** A visit by itself, and what was found in it. */
export interface JudgedVisit {
  /** Its history, with 202s settled; its rounds are numbered from 1. */
  readonly alone: History;
  /** Those that somebody took part in. */
  readonly rounds: readonly Round[];
  /** Every round. */
  readonly raced: Raced;
  /** Under these numbers too. What is only known of the whole run is not true of it. */
  readonly findings: readonly Finding[];
}

/**
 * Judges one visit by itself. How slow the answers are is judged at the end, over all rounds.
 *
 * @param visit the history of the visit alone
 * @param proof the history of an earlier visit that somebody won; absent: there is none yet
 */
export function judgeVisit(visit: History, proof?: History): VisitVerdict {
  const { alone, rounds, raced, findings } = judgedVisit(visit, proof);
  return {
    isViolated: findings.some(({ id, severity }) => severity === 'violation' && id !== 'slow'),
    strongRounds: rounds.filter((round) => weakBecause(raced.weaknesses.get(round)).length === 0).length,
    hasWinner: alone.attempts.some(({ outcome }) => outcome === 'ok'),
  };
}

/** {@link judgeVisit}, with all that was found. */
export function judgedVisit(visit: History, proof?: History): JudgedVisit {
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
  const raced = racedIn(own);
  const rounds = raced.rounds.filter(({ attempts }) => attempts.length > 0);
  const numbers = new Set(rounds.map(({ number }) => number));
  const findings = findingsIn(together).filter(({ round }) => round === undefined || numbers.has(round));
  return { alone: own, rounds, raced, findings };
}

const everyone = ({ attempts, unjudged = [] }: History): readonly Attempt[] => [...attempts, ...unjudged];

const lastRoundOf = (history: History): number =>
  everyone(history).reduce((last, { round }) => Math.max(last, round), 0);

/** The number of the first round. */
export const firstRoundOf = (history: History): number =>
  everyone(history).reduce((least, { round }) => Math.min(least, round), Infinity);

/** The same rounds at the same distances, under other numbers. */
function numberedFrom(number: number, history: History): History {
  const first = firstRoundOf(history);
  const moved = (attempt: Attempt): Attempt => ({ ...attempt, round: attempt.round - first + number });
  const { attempts, unjudged } = history;
  return { ...history, attempts: attempts.map(moved), ...(unjudged && { unjudged: unjudged.map(moved) }) };
}
