import type { Attempt, Plan } from '../model/index.ts';

/**
 * Numbers the inventories for people: by their order in the plan, from 1, whatever the round. An inventory that the plan
 * does not name gets the number of its first round.
 */
export function createInventoryNumbers({
  inventories,
}: Plan): (attempt: Pick<Attempt, 'inventory' | 'round'>) => number {
  const numbers = new Map(inventories.map(({ key }, index) => [key, index + 1]));
  return ({ inventory, round }) => {
    const number = numbers.get(inventory) ?? round;
    numbers.set(inventory, number);
    return number;
  };
}
