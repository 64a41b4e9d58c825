import { type Attempt, type FailReason, hasStatus, statusOf, withOutcome } from '../../../model/index.ts';
import { inProgressOf } from './double-submit.ts';
import { type Checker, counted, tally } from './evidence.ts';

/** Was a loser refused with a status that says something else than "taken"? */
export const wrongRejection: Checker = ({ plan, history, rounds }) =>
  rounds.flatMap((round) => {
    const wrong = withOutcome(round.attempts, 'fail').filter(
      (attempt) =>
        attempt.reason === 'lost' &&
        // An answer to a request that was still held back, such as 408, is none to the race.
        attempt.releasedAtMs !== undefined &&
        !hasStatus(plan.limits.rejections, attempt.answer.status) &&
        !hasStatus(inProgressOf(plan), attempt.answer.status),
    );
    if (wrong.length === 0) return [];
    const byStatus = Map.groupBy(wrong, (attempt) => attempt.answer.status);
    return [
      {
        id: 'wrong-rejection',
        severity: 'violation',
        round: round.number,
        inventory: round.inventory.key,
        message:
          `${history.run.label} ${round.inventory.key}: ${counted(wrong.length, 'loser')} got ${tally(wrong, statusOf)}; ` +
          `a refusal is ${plan.limits.rejections.join(', ')}`,
        witness: [...byStatus.values()].flatMap((its) => its.slice(0, 1)),
      },
    ];
  });

/** Were contenders not let in, so that they did not compete? */
export const notAuthorised: Checker = ({ attempts }) =>
  keptOut(
    attempts,
    'not-authorised',
    (count) =>
      `${counted(count, 'attempt')} got 401 or 403: these contenders did not compete (token missing, expired or not allowed)`,
  );

/** Were contenders turned away by a rate limit, so that they did not compete? */
export const rateLimited: Checker = ({ attempts }) =>
  keptOut(
    attempts,
    'rate-limited',
    (count) => `${counted(count, 'attempt')} got 429: these contenders did not compete (a rate limit stands in front)`,
  );

function keptOut(
  attempts: readonly Attempt[],
  reason: FailReason & ('not-authorised' | 'rate-limited'),
  message: (count: number) => string,
): ReturnType<Checker> {
  const its = withOutcome(attempts, 'fail').filter((attempt) => attempt.reason === reason);
  if (its.length === 0) return [];
  const byStatus = Map.groupBy(its, statusOf);
  const witness = [...byStatus.values()].flatMap((same) => same.slice(0, 1));
  return [{ id: reason, severity: 'doubt', message: message(its.length), witness }];
}
