import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right: the condition is part of the write. A second update of the row waits for the first to be committed, looks at the
 * condition again, and changes nothing. The number of changed rows tells.
 */
export const conditionalUpdate: Lock = {
  summary: "UPDATE … WHERE status = 'available': the number of changed rows tells who was first",
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    await work();
    return transaction(pool, async (client) => {
      // One order for all, or two orders of the same seats would wait for each other.
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
