import { type Attempt, counted, hasStatus, named, settingsOf, statusOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Found, tally } from './evidence.ts';
import { isRequestInDoubt } from './no-winner.ts';

/** Did a loser get a status that says something other than "taken"? */
export const wrongRejection: Checker = (evidence) => {
  const { plan, history, rounds } = evidence;
  if (isRequestInDoubt(evidence)) return [];
  return rounds.flatMap((round) => {
    const wrong = withOutcome(round.attempts, 'fail').filter(
      (attempt) =>
        attempt.reason === 'lost' &&
        // The read-back refused it, and not the answer.
        attempt.settledBy === undefined &&
        attempt.declared === undefined &&
        attempt.settledAfterMs === undefined &&
        // An answer before the release, such as 408, says nothing about the race.
        attempt.releasedAtMs !== undefined &&
        !hasStatus(plan.limits.rejections, attempt.answer.status) &&
        !hasStatus(settingsOf(plan).inProgress ?? [], attempt.answer.status),
    );
    if (wrong.length === 0) return [];
    return [
      {
        id: 'wrong-rejection',
        round: round.number,
        inventory: round.inventory.key,
        message:
          `${named(history.run.label, round.inventory.key)}: ${counted(wrong.length, 'loser')} got ${tally(wrong, statusOf)}; ` +
          `a refusal is ${plan.limits.rejections.join(', ')}`,
        witness: oneOfEachStatus(wrong),
      },
    ];
  });
};

/** Were contenders not let in, so that they did not compete? */
export const notAuthorised: Checker = ({ attempts }) =>
  keptOut(attempts, 'not-authorised', (count) => `${count} got 401 or 403`, 'token missing, expired or not allowed');

/** Did a rate limit keep contenders out, so that they did not compete? */
export const rateLimited: Checker = ({ attempts }) =>
  keptOut(attempts, 'rate-limited', (count) => `${count} got 429`, 'a rate limit stands in front');

function keptOut(
  attempts: readonly Attempt[],
  reason: 'not-authorised' | 'rate-limited',
  say: (count: string) => string,
  why: string,
): Found[] {
  const turnedAway = attempts.filter((attempt) => attempt.outcome === 'fail' && attempt.reason === reason);
  if (turnedAway.length === 0) return [];
  const message = `${say(counted(turnedAway.length, 'attempt'))}: these contenders did not compete (${why})`;
  return [{ id: reason, message, witness: oneOfEachStatus(turnedAway) }];
}

/** The first attempt of each status. */
export function oneOfEachStatus(attempts: readonly Attempt[]): Attempt[] {
  const byStatus = Map.groupBy(attempts, statusOf);
  return [...byStatus.values()].flatMap((same) => same.slice(0, 1));
}
