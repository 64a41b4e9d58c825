import type { Strategy } from '../strategy.ts';

/** One customer's order of one or more seats: all of them or none. */
export interface Order {
  readonly orderId: string;
  readonly seatIds: readonly string[];
}

/**
 * The result of an order. `taken`: one of the seats is sold. `conflict`: another order was faster just now. `locked`:
 * another order is booking one of the seats, and may still fail.
 */
export type BookingResult = 'booked' | 'taken' | 'conflict' | 'locked';

/** Whether an order was refused, so that the transaction must leave nothing behind. */
export const isRefusal = (result: unknown): boolean =>
  result === 'taken' || result === 'conflict' || result === 'locked';

export type Book = (order: Order) => Promise<BookingResult>;

/** A way to book a seat that many want at once. */
export type Lock = Strategy<Book>;
export type SqliteLock = Lock & { readonly store: 'sqlite' };
