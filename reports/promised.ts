import {
  type Attempt,
  grantedTo,
  operationOf,
  type RuleRow,
  type Success,
  sum,
  userOf,
  withOutcome,
} from '../model/index.ts';

/**
 * How many units of one inventory its contenders were told that they have. An order that is told twice counts once, and so
 * does a person who first holds and then confirms. A hold alone, or a booking that its owner cancelled, is no promise.
 *
 * @param attempts all attempts at the inventory
 */
export function promisedUnits(attempts: readonly Attempt[], { successes }: Pick<RuleRow, 'successes'>): number {
  const told = withOutcome(attempts, 'ok');
  switch (successes) {
    case 'add up':
      return sum(told.map(grantedTo));
    case 'own parts':
      return sum(told.map((attempt) => attempt.granted ?? attempt.parts?.length ?? grantedTo(attempt)));
    case 'repeat':
      return sum([...Map.groupBy(told, orderOf).values()].flatMap(([first]) => (first ? grantedTo(first) : [])));
    case 'take turns':
      return [...Map.groupBy(told, userOf).values()].filter(ownsAtLast).length;
  }
}

const orderOf = ({ orderId, idempotencyKey }: Success): string =>
  orderId === undefined ? `key ${idempotencyKey}` : `order ${orderId}`;

/** Whether the last thing that a person was granted is a booking. */
function ownsAtLast(granted: readonly Success[]): boolean {
  const [last] = granted.toSorted((a, b) => b.completedAtMs - a.completedAtMs);
  const operation = last && operationOf(last);
  return operation === 'book' || operation === 'confirm';
}
