import type { Inventory } from './history.ts';

/** The keys that the read-back asks about: the parts of an inventory, or else the inventory itself. */
export const readBackKeysOf = ({ key, parts }: Inventory): readonly string[] => parts ?? [key];

/**
 * Whether racing for an inventory makes no sense any more: everything is sold, or one of its parts is.
 *
 * @param unitsAt how many units the server holds of a key, before the first round
 */
export const isTakenBefore = ({ key, capacity, parts }: Inventory, unitsAt: (key: string) => number): boolean =>
  parts === undefined ? unitsAt(key) >= capacity : parts.some((part) => unitsAt(part) > 0);
