/**
 * What is fought over. A seat has capacity 1, a general-admission pool has more.
 *
 * `key` is what the requests and the read-back call it (for the order race: the seat id).
 */
export interface Inventory {
  readonly key: string;
  readonly capacity: number;
}
