/**
 * What the server said about one inventory, `before` the first round or `after` the last. `orderIds` are the bookings that
 * it holds; a server that only says "booked" gives `units` without ids.
 */
export type ReadBack = {
  readonly inventory: string;
  readonly when: 'before' | 'after';
} & (
  | {
      readonly kind: 'read';
      /** Booked units; 0 is a free inventory. */
      readonly units: number;
      readonly orderIds: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly error: string }
);
