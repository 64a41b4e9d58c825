import type { Attempt, Plan } from '../model/index.ts';

/**
 * Which inventory an attempt is about, as a number for people: its place in the plan, from 1, whatever round it is. One
 * that the plan does not name has the number of the first round there.
 */
export function createPlaces({ inventories }: Plan): (attempt: Pick<Attempt, 'inventory' | 'round'>) => number {
  const places = new Map(inventories.map(({ key }, index) => [key, index + 1]));
  return ({ inventory, round }) => {
    const place = places.get(inventory) ?? round;
    places.set(inventory, place);
    return place;
  };
}
