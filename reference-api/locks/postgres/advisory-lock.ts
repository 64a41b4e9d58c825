import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Takes an advisory lock on the number of the seat and keeps it until the transaction ends. An advisory lock
 * needs no row, so it also works where there is no row to lock yet. Under READ COMMITTED each statement sees everything
 * that was committed before it, so the check, which runs after the wait, sees the booking of the winner. Two seats may
 * hash to the same number; then their orders wait for each other, which is slow but correct.
 */
export const advisoryLock: Lock = {
  summary: 'takes an advisory lock on the seat and keeps it until the transaction ends',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      // Sorted, so that two orders of the same seats cannot deadlock.
      for (const seatId of order.seatIds.toSorted()) {
        await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [seatId]);
      }
      if (await isTaken(client, order)) return 'taken';
      await work();
      await insertBookings(client, order);
      return 'booked';
    }),
};
