import {
  type Attempt,
  isOldHistory,
  operationOf,
  orderErrorOf,
  overlapOf,
  type Plan,
  ruleOf,
  settingsOf,
  startOf,
  userOf,
  type WindowName,
  withOutcome,
} from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/**
 * Did the moments come that the rule is about? A race for a cancelled seat that nobody booked again proves nothing about
 * rebooking. Where nobody got anything at all, other findings say why.
 */
export const windowNotTried: Checker = ({ plan, history, attempts, inventories }) => {
  if (isOldHistory(history) || withOutcome(attempts, 'ok').length === 0) return [];
  return (ruleOf(plan).windows ?? [])
    .filter(({ name }) => !inventories.some((contest) => IS_TRIED[name](contest.attempts, plan)))
    .map(({ missed }) => ({ id: 'window-not-tried', message: `in no round: ${missed}`, witness: [] }));
};

/** Whether the attempts at an inventory met the moment. */
const IS_TRIED: Readonly<Record<WindowName, (attempts: readonly Attempt[], plan: Plan) => boolean>> = {
  rebooking: isRebooked,
  'confirmation after the lease': isConfirmedAfterLease,
  'repetition in flight': (attempts) => {
    const byKey = Map.groupBy(attempts, ({ idempotencyKey }) => idempotencyKey);
    return [...byKey].some(([key, same]) => key !== undefined && overlapOf(same) > 1);
  },
};

/** On several machines, what one clock says may be earlier than another's by this much, and later all the same. */
const slackOf = (attempts: readonly Attempt[]): number => 2 * orderErrorOf(attempts);

/** A cancellation without an answer may have taken effect: the booking after it proves that it did. */
function isRebooked(attempts: readonly Attempt[]): boolean {
  const slackMs = slackOf(attempts);
  const cancelledMs = Math.min(
    ...attempts.flatMap((attempt) =>
      operationOf(attempt) === 'cancel' && attempt.outcome !== 'fail' ? startOf(attempt) : [],
    ),
  );
  return withOutcome(attempts, 'ok').some(
    (attempt) => operationOf(attempt) !== 'cancel' && attempt.completedAtMs > cancelledMs + slackMs,
  );
}

/**
 * A confirmation that was sent before the end and refused after it met the end on its way: a payment takes time. Nobody knows
 * what a confirmation without an answer did, so it proves nothing.
 */
function isConfirmedAfterLease(attempts: readonly Attempt[], plan: Plan): boolean {
  const { leaseMs = Infinity } = settingsOf(plan);
  const slackMs = slackOf(attempts);
  const holds = withOutcome(attempts, 'ok').filter((attempt) => operationOf(attempt) === 'hold');
  return attempts.some((attempt) => {
    if (operationOf(attempt) !== 'confirm' || attempt.outcome === 'info') return false;
    if (attempt.outcome === 'fail' && attempt.reason !== 'lost') return false;
    const own = holds.filter((hold) => userOf(hold) === userOf(attempt) && startOf(hold) < startOf(attempt) + slackMs);
    const cameMs = attempt.outcome === 'fail' ? attempt.completedAtMs : startOf(attempt);
    return own.length > 0 && own.every((hold) => cameMs > hold.completedAtMs + leaseMs + slackMs);
  });
}
