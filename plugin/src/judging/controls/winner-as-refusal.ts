import {
  type Attempt,
  addUp,
  amountGranted,
  capacityOf,
  compareAmounts,
  grantedTo,
  minus,
  operationOf,
  type Plan,
  ruleOf,
  type Success,
  unitsOf,
  withOutcome,
} from '../../../../model/index.ts';
import { type Contest, isUnsettled } from '../evidence.ts';
import { isResetUnknown } from '../no-winner.ts';
import type { Loser, Pair } from './refusal-as-winner.ts';

/** Means "another request is at work": refused so, units may rightly stay unsold. */
const LOCKED = 423;

/** A winner whose refusal leaves something over, and a loser whose answer it gets. Undefined where something else may explain it. */
export function unsoldPairIn(contest: Contest, plan: Plan): Pair | undefined {
  if (!isPlain(contest) || isResetUnknown(contest, plan)) return undefined;
  const winners = withOutcome(contest.attempts, 'ok').filter((attempt) => grantedTo(attempt) > 0);
  const losers = withOutcome(contest.attempts, 'fail');
  const isOnly = winners.length === 1;
  const loser = losers.find(({ answer }) => answer.status !== LOCKED) ?? losers[0];
  if (loser === undefined || losers.some(({ reason }) => reason !== 'lost')) return undefined;
  const winner = winners.find((one) => one.round === loser.round && (isOnly || leavesSome(one, contest, plan)));
  if (winner === undefined || (!isOnly && loser.answer.status === LOCKED)) return undefined;
  // Somebody who cancels or confirms had it before.
  return ['cancel', 'confirm'].includes(operationOf(winner)) ? undefined : { winner, loser };
}

/** The winner, answered as the loser was. */
export function asLoser({ winner, loser }: { readonly winner: Success; readonly loser: Loser }): Attempt {
  const { orderId: _, granted: __, grantedIds: ___, ...request } = winner;
  const { answer, reason, declared, message } = loser;
  return {
    ...request,
    outcome: 'fail',
    answer,
    reason,
    ...(declared && { declared }),
    ...(message !== undefined && { message }),
  };
}

/** Everything about it is known. */
const isPlain = (contest: Contest): boolean =>
  contest.missing === 0 &&
  !contest.cannotCount &&
  !contest.isBeforeUnknown &&
  !isUnsettled(contest) &&
  contest.readBack?.kind !== 'unreadable' &&
  contest.attempts.every(({ outcome }) => outcome !== 'info');

/** Others got something too, and then the winner would be refused although as much is left as it wanted. */
function leavesSome(winner: Success, { inventory, attempts, soldBefore }: Contest, plan: Plan): boolean {
  if (ruleOf(plan).successes !== 'add up' || inventory.capacity === 1) return false;
  const others = withOutcome(attempts, 'ok').filter((other) => other !== winner);
  const left = minus(capacityOf(inventory), addUp([soldBefore, ...others.map(amountGranted)]));
  return compareAmounts(unitsOf(winner), left) <= 0;
}
