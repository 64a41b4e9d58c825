import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Wrong. Locks the seats of an order one by one, in the order in which the customer listed them, and prices each seat
 * before it locks the next. When two orders list the same two seats in opposite order, each gets one seat and waits for
 * the other, until PostgreSQL aborts one of them (after `deadlock_timeout`, by default a second): a 500, and a second
 * of standstill for everybody behind them. The bug needs orders that overlap; with one seat per order this is as
 * correct as for-update.
 */
export const lockOrder: Lock = {
  summary: 'locks seats in the order in which the customer lists them: overlapping orders deadlock (500)',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS',
  expected: { verdict: 'fail', finding: 'server-error' },
  needs: { pairs: true },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      for (const seatId of order.seatIds) {
        const [status] = await lockSeats(client, [seatId]);
        if (status !== 'available') return 'taken';
        await work();
      }
      await markBooked(client, order.seatIds);
      await insertBookings(client, order);
      return 'booked';
    }),
};
