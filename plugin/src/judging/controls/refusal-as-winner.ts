import {
  type Attempt,
  addUp,
  amountGranted,
  capacityOf,
  compareAmounts,
  deepest,
  grantedTo,
  operationOf,
  orderErrorOf,
  type Plan,
  ruleOf,
  type Success,
  settingsOf,
  startOf,
  userOf,
  withOutcome,
} from '../../../../model/index.ts';
import type { Contest } from '../evidence.ts';

/** Who won in a round, and who was refused in it. */
export interface Pair {
  readonly winner: Success;
  readonly loser: Loser;
}

export type Loser = Attempt & { readonly outcome: 'fail' };

/** So many refusals of a round are tried. */
const TRIED = 50;

/**
 * A winner and a loser of one round, where the rule forbids that the loser gets the same answer. Undefined where there is no
 * such pair: an unused allowance, or operations between which a cancellation may have come.
 */
export function pairIn(contest: Contest, plan: Plan): Pair | undefined {
  const winners = withOutcome(contest.attempts, 'ok').filter((attempt) => grantedTo(attempt) > 0);
  const losers = withOutcome(contest.attempts, 'fail').filter(({ reason }) => reason === 'lost');
  if (winners.length === 0 || losers.length === 0) return undefined;
  const isForbidden = forbids(contest, plan);
  for (const loser of losers.slice(0, TRIED)) {
    const winner = winners.slice(0, TRIED).find((other) => other.round === loser.round && isForbidden(other, loser));
    if (winner !== undefined) return { winner, loser };
  }
  return undefined;
}

/** The loser, answered as the winner was. */
export function asWinner({ winner, loser }: Pair): Attempt {
  const { reason: _, declared: __, message: ___, ...request } = loser;
  const { answer, orderId, granted, grantedIds } = winner;
  return {
    ...request,
    outcome: 'ok',
    answer,
    ...(orderId !== undefined && { orderId }),
    ...(granted !== undefined && { granted }),
    ...(grantedIds !== undefined && { grantedIds }),
  };
}

function forbids(contest: Contest, plan: Plan): (winner: Success, loser: Loser) => boolean {
  const { inventory, attempts, soldBefore } = contest;
  const told = withOutcome(attempts, 'ok');
  switch (ruleOf(plan).successes) {
    case 'add up': {
      const sold = addUp([soldBefore, ...told.map(amountGranted)]);
      return (winner, loser) => {
        const more = amountGranted(asWinner({ winner, loser }) as Success);
        return compareAmounts(addUp([sold, more]), capacityOf(inventory)) > 0;
      };
    }
    case 'own parts':
      return (winner, loser) => winner.parts?.some((part) => loser.parts?.includes(part)) === true;
    case 'own time':
      return (_, loser) => deepest([...told, loser]).length > inventory.capacity;
    case 'same operation':
      return (winner, loser) => operationOf(winner) !== operationOf(loser);
    case 'take turns':
      return (winner, loser) => cannotBothOwn(winner, loser, contest, plan);
    // Everybody may succeed, or answers prove nothing.
    case 'own values':
    case 'repeat':
    case 'prove nothing':
      return () => false;
  }
}

/**
 * Two people book or hold one seat, and no cancellation or end of a lease can lie between. Without them, whoever came first
 * still has it when the other one comes.
 */
function cannotBothOwn(winner: Success, loser: Loser, { attempts, missing }: Contest, plan: Plan): boolean {
  const kind = operationOf(winner);
  if (missing > 0 || kind !== operationOf(loser) || userOf(winner) === userOf(loser)) return false;
  if (winner.settledBy !== undefined || loser.settledBy !== undefined || loser.releasedAtMs === undefined) return false;
  const slackMs = 2 * orderErrorOf(attempts);
  const gaveUp = attempts.some(
    (other) =>
      operationOf(other) === 'cancel' &&
      other.outcome !== 'fail' &&
      (userOf(other) === userOf(loser) ||
        (userOf(other) === userOf(winner) &&
          startOf(other) < Math.max(loser.completedAtMs, winner.completedAtMs) + slackMs)),
  );
  if (gaveUp) return false;
  if (kind === 'book') return true;
  const { leaseMs = Infinity, toleranceMs = 0 } = settingsOf(plan);
  const apartMs = Math.max(winner.completedAtMs, loser.completedAtMs) - Math.min(startOf(winner), startOf(loser));
  return kind === 'hold' && apartMs + slackMs < leaseMs - toleranceMs;
}
