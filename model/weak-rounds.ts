import { answersThatCount } from './answers-that-count.ts';
import { grantedTo, operationOf, unitsGrantedTo } from './attempt.ts';
import { type Amount, addUp, minus } from './decimal.ts';
import type { FoldedHistory } from './folded.ts';
import type { Attempt, History, InfoCause, Limits, Plan, ReadBack } from './history.ts';
import { isOldHistory } from './history-version.ts';
import { capacityOf, readBackKeysOf, unitsSaidIn } from './plan.ts';
import { isUnanswered, overlapLimit, overlapOf, type Round, roundsOf, subjectIdOf, withOutcome } from './round.ts';
import { ruleOf } from './rules.ts';
import { counted } from './statistics.ts';
import { whyNobodyLoses } from './why-nobody-loses.ts';

/** Why a round proves nothing. Both are empty for a strong round, and for one that nobody took part in. */
export interface Weakness {
  /** It was not raced as planned. */
  readonly reasons: readonly string[];
  /** It was raced as planned, but there was nothing to fight over. */
  readonly plenty?: string;
}

/** The rounds of a history, and how weak each of them is: worked out once, for the judging and for the reports. */
export interface Raced {
  readonly rounds: readonly Round[];
  readonly weaknesses: ReadonlyMap<Round, Weakness>;
}

export function racedIn(history: FoldedHistory): Raced {
  const { run, attempts, unjudged, folded } = history;
  const rounds = roundsOf(run.plan, attempts, unjudged, folded?.rounds);
  return { rounds, weaknesses: weaknessesOf(history, rounds) };
}

/**
 * How weak each of the rounds is. Surviving a race that did not happen proves nothing, so only strong rounds count.
 *
 * @param rounds rounds of the history, as {@link roundsOf} arranges them
 */
export function weaknessesOf(
  history: Pick<History, 'run' | 'readBacks' | 'problems'>,
  rounds: readonly Round[],
): ReadonlyMap<Round, Weakness> {
  const { plan } = history.run;
  const rule = ruleOf(plan);
  const said = unitsIn(plan, history.readBacks);
  const gone = new Set(history.problems.flatMap(({ ended, vus }) => (ended === undefined ? [] : vus)));
  const bySubject = Map.groupBy(rounds, subjectIdOf);
  return new Map(
    rounds.map((round): [Round, Weakness] => {
      if (round.attempts.length === 0) return [round, { reasons: [] }];
      const visits = bySubject.get(subjectIdOf(round)) ?? [];
      const { before, after } = said(round);
      const wishes = visits.flatMap(({ attempts }) => attempts);
      // Where the inventory was raced again, what is stored may all come from there.
      const told = unitsGrantedTo(withOutcome(wishes, 'ok'));
      const isUnsold = after !== undefined && after - Number(before) <= told;
      const reasons = [
        ...(plan.oneAtATime === true ? ['the attempts were sent one after the other'] : []),
        ...looseness(round, plan, gone, { isRead: after !== undefined, isAtEnd: isAtEndOfHold(round, visits) }),
        ...(isUnsold && !isOldHistory(history) && isBroken(round.attempts)
          ? [`all ${counted(round.attempts.length, 'attempt')} broke, and nobody was refused`]
          : []),
      ];
      const sold = rule.isUnlimited ? 0 : before;
      const plenty = whyNobodyLoses(plan, wishes, minus(capacityOf(round.inventory), sold));
      return [round, plenty === undefined ? { reasons } : { reasons, plenty }];
    }),
  );
}

/** What makes a round weak, in words; empty for a strong one. */
export const weakBecause = ({ reasons, plenty }: Weakness = { reasons: [] }): string[] =>
  [...reasons, plenty ?? []].flat();

/** How many units the server held: by its first answer before the race, and its last one after it. */
function unitsIn(plan: Plan, readBacks: readonly ReadBack[]) {
  const answerOf = answersThatCount(readBacks);
  return ({
    inventory,
    visit,
  }: Pick<Round, 'inventory' | 'visit'>): { readonly before: Amount; readonly after: number | undefined } => {
    const [first, last] = (['before', 'after'] as const).map((when) =>
      readBackKeysOf(inventory).map((key) => {
        const answer = answerOf(when, key, visit);
        // "Taken" and "free" say nothing about how many of several units are sold.
        const isNumber = answer?.kind === 'read' && (answer.counts !== false || inventory.capacity === 1);
        return isNumber ? unitsSaidIn(answer, inventory, plan) : undefined;
      }),
    );
    return {
      before: addUp((first ?? []).map((units = 0) => units)),
      after: last?.includes(undefined) ? undefined : Number(addUp((last ?? []).map((units = 0) => units))),
    };
  };
}

/** How the round was not as tight as planned. */
function looseness(
  round: Round,
  { contenders, anyItem, limits, ...judged }: Plan,
  gone: ReadonlySet<number>,
  { isRead, isAtEnd }: { readonly isRead: boolean; readonly isAtEnd: boolean },
): string[] {
  const { attempts, unjudged, spreadMs, spreadErrorMs = 0, offsets } = round;
  const present = [...attempts, ...unjudged];
  const here = new Set(present.map(({ vu }) => vu));
  if (anyItem === true && here.size < 2) return ['only one contender went for it'];
  // Nobody waited for a virtual user that had ended: `incomplete` names it.
  const left = anyItem === true ? here.size : contenders - [...gone].filter((vu) => !here.has(vu)).length;
  if (left < 2) return [contenders < 2 ? 'there was only one contender' : 'fewer than two contenders were left'];
  // Contenders refused with 401, 403 or 429 did not race; they have their own finding.
  const racing = left - withOutcome(attempts, 'fail').filter(({ reason }) => reason !== 'lost').length;
  if (racing < 2) return [];
  const released = present.filter((attempt) => attempt.releasedAtMs !== undefined).length;
  // A read-back proves that a reset connection booked nothing, but not that it was ever in the race.
  const hasWinner =
    ruleOf(judged).successes !== 'prove nothing' && withOutcome(attempts, 'ok').some((winner) => grantedTo(winner) > 0);
  const peak = unjudged.length === 0 ? round.overlap : overlapOf(present);
  const took = isRead ? present.filter((attempt) => tookPart(attempt, hasWinner)) : present;
  const overlap = took.length === present.length ? peak : overlapOf(took);
  const required = requiredOverlap(round, racing, limits, isAtEnd);
  return [
    released < racing ? `${released.toLocaleString('en-US')} of ${counted(racing, 'contender')} were released` : [],
    offsets === undefined && spreadMs !== undefined && spreadMs + spreadErrorMs > limits.spreadMs
      ? `they were released over ${shownSpread(spreadMs, spreadErrorMs)} ms; allowed: ${limits.spreadMs} ms`
      : [],
    offsets !== undefined && offsets.worstDeviationMs + spreadErrorMs > limits.spreadMs
      ? `they were released up to ${shownSpread(offsets.worstDeviationMs, spreadErrorMs)} ms off their planned offsets; allowed: ` +
        `${limits.spreadMs} ms`
      : [],
    overlap < required
      ? `at most ${overlap}${overlap < peak ? ', not counting those that may never have arrived or were not understood,' : ''} were in flight at once; required: ${required}`
      : [],
  ].flat();
}

const shownSpread = (ms: number, errorMs: number): string =>
  errorMs === 0 ? ms.toFixed(1) : `${ms.toFixed(1)} ± ${errorMs.toFixed(1)}`;

/** Causes that may also come from a proxy or balancer in front of the target. */
const OUTSIDE: ReadonlySet<InfoCause> = new Set(['reset', 'unreachable', 'unreadable', 'aborted']);

/**
 * Whether the attempt surely was in the race. A status that came although the rest was lost shows that the request arrived.
 * Where somebody won, a rival whose answer nobody understood may have asked for something else; where nobody won,
 * `unrecognised` says so.
 */
const tookPart = (attempt: Attempt, hasWinner: boolean) =>
  attempt.outcome !== 'info' ||
  (attempt.cause === 'unrecognised'
    ? !hasWinner
    : !OUTSIDE.has(attempt.cause) || (attempt.answer.kind === 'answered' && attempt.answer.bodyLost !== undefined));

/**
 * How many attempts must be in flight at once. With offsets the plan decides, but one after the other is no race. Except
 * against the end of a hold: that is an instant and not a rival. Somebody who comes too late for it is refused at once and
 * meets nobody, however right the system is.
 */
function requiredOverlap({ offsets }: Round, contenders: number, limits: Limits, isAtEnd: boolean): number {
  if (offsets === undefined) return overlapLimit(limits, contenders);
  return isAtEnd && offsets.plannedMs > 0 ? 1 : 2;
}

/** Whether somebody got a hold of the inventory in an earlier round. */
const isAtEndOfHold = ({ number }: Round, visits: readonly Round[]): boolean =>
  visits.some(({ attempts }) =>
    withOutcome(attempts, 'ok').some((attempt) => attempt.round < number && operationOf(attempt) === 'hold'),
  );

/**
 * Whether every attempt broke: with a 5xx, say, which the limits may allow. That nothing is stored proves no lock then. A
 * round in which nobody was answered is `no-answer`, and answers that nobody understood have findings of their own.
 */
function isBroken(attempts: readonly Attempt[]): boolean {
  const broken = withOutcome(attempts, 'info').filter(
    ({ cause, mayPromise }) => mayPromise !== true && !NOT_UNDERSTOOD.has(cause),
  );
  return broken.length === attempts.length && !isUnanswered(attempts);
}

const NOT_UNDERSTOOD: ReadonlySet<InfoCause> = new Set(['pending', 'unrecognised', 'ambiguous']);
