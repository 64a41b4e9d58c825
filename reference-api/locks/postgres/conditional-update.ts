import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. The condition is part of the write: a second UPDATE of the same row waits until the first one commits, checks
 * the condition again and changes no row. The row count tells who was first.
 */
export const conditionalUpdate: Lock = {
  summary: "UPDATE … WHERE status = 'available': the row count tells who was first",
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    await work();
    return transaction(pool, async (client) => {
      // Sorted, so that two orders of the same seats cannot deadlock.
      for (const seatId of order.seatIds.toSorted()) {
        const { rowCount } = await client.query(
          "UPDATE seats SET status = 'booked' WHERE seat_id = $1 AND status = 'available'",
          [seatId],
        );
        if (rowCount === 0) return 'taken';
      }
      await insertBookings(client, order);
      return 'booked';
    });
  },
};
