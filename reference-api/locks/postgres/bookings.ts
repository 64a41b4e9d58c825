import type { Pool, PoolClient } from 'pg';
import type { Order } from '../lock.ts';

/** What was sold: any number of orders of a seat. */
export const BOOKINGS = `
  CREATE TABLE bookings (
    order_id text NOT NULL,
    seat_id text NOT NULL REFERENCES seats
  );
  CREATE INDEX ON bookings (seat_id);
`;

/** What was sold: the database itself sees to it that a seat is sold once. */
export const BOOKINGS_ONE_PER_SEAT = `
  CREATE TABLE bookings (
    order_id text NOT NULL,
    seat_id text NOT NULL UNIQUE REFERENCES seats
  );
`;

/** On a connection inside a transaction, or on the pool: then each statement is a transaction of its own. */
type Queryable = Pick<Pool | PoolClient, 'query'>;

/** Whether somebody has a seat of an order. */
export async function isTaken(db: Queryable, { seatIds }: Order): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM bookings WHERE seat_id = ANY ($1)', [seatIds]);
  return rows.length > 0;
}

/**
 * Writes an order down: all its seats in one statement, in one order for all. Where a constraint makes an insert wait for
 * another, two orders of the same seats would wait for each other otherwise.
 */
export async function insertBookings(db: Queryable, { orderId, seatIds }: Order): Promise<void> {
  await db.query(
    'INSERT INTO bookings (order_id, seat_id) SELECT $1, seat_id FROM unnest($2::text[]) AS seat_id ORDER BY seat_id',
    [orderId, seatIds],
  );
}
