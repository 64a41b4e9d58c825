import type { Order } from '../lock.ts';
import type { Queryable } from './transaction.ts';

/** Bookings without a constraint: a seat can have any number of orders. */
export const BOOKINGS = `
  CREATE TABLE bookings (
    order_id text NOT NULL,
    seat_id text NOT NULL REFERENCES seats
  );
  CREATE INDEX ON bookings (seat_id);
`;

/** Bookings with a unique constraint: the database makes sure that a seat is sold once. */
export const BOOKINGS_ONE_PER_SEAT = `
  CREATE TABLE bookings (
    order_id text NOT NULL,
    seat_id text NOT NULL UNIQUE REFERENCES seats
  );
`;

/** Whether any seat of an order is already sold. */
export async function isTaken(db: Queryable, { seatIds }: Order): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM bookings WHERE seat_id = ANY ($1)', [seatIds]);
  return rows.length > 0;
}

/**
 * Inserts all seats of an order in one statement, sorted. With a unique constraint an insert may wait for another one;
 * sorted, two orders of the same seats cannot deadlock.
 */
export async function insertBookings(db: Queryable, { orderId, seatIds }: Order): Promise<void> {
  await db.query(
    'INSERT INTO bookings (order_id, seat_id) SELECT $1, seat_id FROM unnest($2::text[]) AS seat_id ORDER BY seat_id',
    [orderId, seatIds],
  );
}
