import type { DatabaseSync } from 'node:sqlite';

/** One customer's order of one seat or several: all of them or none. */
interface Order {
  readonly orderId: string;
  readonly seatIds: readonly string[];
}

/** What a booking system does between looking and writing: check a price, ask the payment provider. */
export type Work = () => Promise<void>;

/** `true`: booked. `false`: refused, because a seat is taken. */
export type Book = (order: Order) => Promise<boolean>;

/** A strategy to book a seat that many want at once: one file each, so that they can be read side by side. */
export interface Lock {
  /** One line for `--help`. */
  readonly summary: string;
  /** SQL that creates the table `bookings (order_id, seat_id)`, which the read-back reads. */
  readonly bookings: string;
  /** Prepares the statements once; the answer books. */
  readonly prepare: (database: DatabaseSync, work: Work) => Book;
}
