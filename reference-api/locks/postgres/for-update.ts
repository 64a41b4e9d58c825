import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';
import { INSERT_BOOKINGS, transaction } from './transaction.ts';

/**
 * Right: `SELECT … FOR UPDATE` locks the row of the seat until the transaction ends. Everybody else waits at it, and finds
 * the seat taken when their turn comes. Rows are locked in one order, by id, so that two orders of the same seats cannot
 * wait for each other.
 */
export const forUpdate: Lock = {
  summary: 'locks the row of the seat before it looks: the others wait, and find it taken',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      const { rows } = await client.query<{ status: string }>(
        'SELECT status FROM seats WHERE seat_id = ANY ($1) ORDER BY seat_id FOR UPDATE',
        [order.seatIds],
      );
      if (rows.some(({ status }) => status !== 'available')) return 'taken';
      await work();
      await client.query("UPDATE seats SET status = 'booked' WHERE seat_id = ANY ($1)", [order.seatIds]);
      await client.query(INSERT_BOOKINGS, [order.orderId, order.seatIds]);
      return 'booked';
    }),
};
