import {
  type Attempt,
  operationOf,
  orderErrorOf,
  type RuleRow,
  type Success,
  startOf,
  sum,
  unitsGrantedTo,
  unitsWantedBy,
  userOf,
  withOutcome,
} from '../../../model/index.ts';

/** How many units buyers were told that they have. */
export function unitsTold(attempts: readonly Attempt[], { successes }: Pick<RuleRow, 'successes'>): number {
  const winners = withOutcome(attempts, 'ok');
  switch (successes) {
    case 'add up':
    case 'own values':
      return unitsGrantedTo(winners);
    case 'own time':
      return winners.length;
    case 'own parts':
      return sum(winners.map(({ parts = [] }) => parts.length));
    case 'take turns':
      // A hold is a yes, and the confirmation is another yes about the same unit.
      return winners.some((winner) => isTaking(winner) && !isGivenUp(winner, attempts)) ? 1 : 0;
    case 'same operation':
      return new Set(winners.map(operationOf)).size;
    case 'prove nothing':
      return 0;
    case 'repeat':
      return sum([...Map.groupBy(winners, ({ idempotencyKey }) => idempotencyKey).values()].map(ordersOf));
  }
}

/** How many units attempts without a clear answer may have booked. */
export function unitsWithin(attempts: readonly Attempt[], { successes }: Pick<RuleRow, 'successes'>): number {
  switch (successes) {
    case 'add up':
      return unitsWantedBy(attempts);
    case 'own time':
    case 'own values':
    case 'prove nothing':
      return attempts.length;
    case 'own parts':
      return new Set(attempts.flatMap(({ parts = [] }) => parts)).size;
    case 'take turns':
      return attempts.some(isBooking) ? 1 : 0;
    case 'same operation':
      return new Set(attempts.map(operationOf)).size;
    case 'repeat':
      return new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size;
  }
}

/** The same person certainly cancelled it after that answer. */
function isGivenUp(winner: Success, attempts: readonly Attempt[]): boolean {
  const earliestMs = winner.completedAtMs + 2 * orderErrorOf(attempts);
  return withOutcome(attempts, 'ok').some(
    (other) => operationOf(other) === 'cancel' && userOf(other) === userOf(winner) && startOf(other) >= earliestMs,
  );
}

/** Somebody who cancelled, or may have, had it before, although the server does not name the order any more. */
export const mayHaveGivenUp = (attempt: Attempt, attempts: readonly Attempt[]): boolean =>
  attempts.some(
    (other) => operationOf(other) === 'cancel' && other.outcome !== 'fail' && userOf(other) === userOf(attempt),
  );

/** A cancellation takes nothing. */
export const isTaking = (attempt: Attempt) => operationOf(attempt) !== 'cancel';

/** Whether the attempt was to get the seat for good. A hold is not. */
export const isBooking = (attempt: Attempt) => operationOf(attempt) === 'book' || operationOf(attempt) === 'confirm';

/** How many orders the answers to one request name; an answer that names none is about one. */
export const ordersOf = (answers: readonly Success[]): number =>
  Math.max(1, new Set(answers.flatMap(({ orderId }) => orderId ?? [])).size);
