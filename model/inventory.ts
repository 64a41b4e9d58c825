/**
 * What is fought over. A seat has capacity 1, a general-admission pool has more.
 *
 * `key` is what the requests and the read-back call it (for the order race: the seat id).
 */
export interface Inventory {
  readonly key: string;
  readonly capacity: number;
  /** What it consists of, where orders ask for several parts of it at once: the seats of a row. Its capacity is their number. */
  readonly parts?: readonly string[];
}

/** What the server is asked about, to learn who owns an inventory: each of its parts, or itself. */
export const placesIn = ({ key, parts }: Inventory): readonly string[] => parts ?? [key];

/**
 * Whether an inventory is no longer worth a race: nothing is left of it, or one of its parts is gone.
 *
 * @param unitsAt how many units the server holds at a place, before the first round
 */
export const isTakenBefore = ({ key, capacity, parts }: Inventory, unitsAt: (place: string) => number): boolean =>
  parts === undefined ? unitsAt(key) >= capacity : parts.some((part) => unitsAt(part) > 0);
