import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right: a lock by number, which belongs to no row, until the transaction ends. Useful where there is no row to lock yet.
 * Each statement of a READ COMMITTED transaction sees what was committed before it: the look comes after the wait. Two
 * seats may come to the same number; then they wait for each other, which is slow and not wrong.
 */
export const advisoryLock: Lock = {
  summary: 'an advisory lock on the number of the seat, to the end of the transaction',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      // One order for all, or two orders of the same seats would wait for each other.
      for (const seatId of order.seatIds.toSorted()) {
        await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [seatId]);
      }
      if (await isTaken(client, order)) return 'taken';
      await work();
      await insertBookings(client, order);
      return 'booked';
    }),
};
