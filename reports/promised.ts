import {
  type Amount,
  type Attempt,
  addUp,
  amountGranted,
  operationOf,
  type RuleRow,
  type Success,
  userOf,
  withOutcome,
} from '../model/index.ts';

/**
 * How many units of one inventory its contenders were told that they have. An order that is told twice counts once, and so
 * does a person who first holds and then confirms. A hold alone, or a booking that its owner cancelled, is no promise.
 *
 * @param attempts all attempts at the inventory
 */
export function promisedUnits(attempts: readonly Attempt[], { successes }: Pick<RuleRow, 'successes'>): Amount {
  const told = withOutcome(attempts, 'ok');
  switch (successes) {
    case 'add up':
    case 'own values':
      return addUp(told.map(amountGranted));
    case 'own parts':
      return addUp(told.map((attempt) => attempt.granted ?? attempt.parts?.length ?? amountGranted(attempt)));
    case 'own time':
      return told.length;
    case 'repeat':
      return addUp([...Map.groupBy(told, orderOf).values()].flatMap(([first]) => (first ? amountGranted(first) : [])));
    case 'same operation':
      return new Set(told.map(operationOf)).size;
    case 'prove nothing':
      return 0;
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
