import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';
import { unitsLeft } from './units.ts';

/**
 * Wrong. Counts what was sold from a pool, then inserts if units are left, all in one transaction. A transaction is not
 * a lock: under READ COMMITTED, the default, the count misses what others have not committed yet, and nobody waits.
 * REPEATABLE READ would not help either, because two inserts have no row in common to conflict on.
 */
export const countCheck: Lock = {
  summary: 'quota: counts, then inserts, in one READ COMMITTED transaction: oversells',
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
