import type { Strategy } from '../strategy.ts';

/** One customer's order of one seat or several: all of them or none. */
export interface Order {
  readonly orderId: string;
  readonly seatIds: readonly string[];
}

/**
 * What became of an order. `taken`: somebody has a seat of it. `conflict`: somebody was faster just now. `locked`: somebody
 * is at it, and may or may not get it.
 */
export type BookingResult = 'booked' | 'taken' | 'conflict' | 'locked';

/** Whether it is a result that has to leave nothing behind. */
export const isRefusal = (result: unknown): boolean =>
  result === 'taken' || result === 'conflict' || result === 'locked';

export type Book = (order: Order) => Promise<BookingResult>;

/** A strategy to book a seat that many want at once. */
export type Lock = Strategy<Book>;
export type SqliteLock = Lock & { readonly store: 'sqlite' };
