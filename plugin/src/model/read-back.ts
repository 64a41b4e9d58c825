/**
 * What the server said, afterwards, about one inventory. `orderIds` are the bookings that it holds; a server that only
 * says "booked" gives `units` without ids.
 */
export type ReadBack =
  | {
      readonly inventory: string;
      readonly kind: 'read';
      /** Booked units; 0 is a free inventory. */
      readonly units: number;
      readonly orderIds: readonly string[];
    }
  | { readonly inventory: string; readonly kind: 'unreadable'; readonly error: string };
