import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';
import { unitsLeft } from './units.ts';

/**
 * Wrong: counts what was sold from a pool, and sells if there is something left, in one transaction. A transaction is not a
 * lock: under READ COMMITTED, the default, it does not see what others have not committed yet, and none of them waits. For
 * a count there is no row to conflict on, so that REPEATABLE READ would not help either.
 */
export const countCheck: Lock = {
  summary: 'a quota: counts, then writes, in one READ COMMITTED transaction: oversells',
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED',
  expected: { verdict: 'fail', finding: 'double-booking' },
  needs: { capacity: 4 },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      for (const seatId of order.seatIds) {
        if ((await unitsLeft(client, seatId)) <= 0) return 'taken';
      }
      await work();
      await insertBookings(client, order);
      return 'booked';
    }),
};
