import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Wrong: locks the seats of an order one by one, as the customer has named them, and prices each before the next. Of two
 * orders for the same two seats, named the other way round, each gets one and waits for the other, until PostgreSQL breaks
 * one off (after `deadlock_timeout`, a second by default): a 500, and a second of standstill for all behind them. It takes
 * orders that overlap; where each is for one seat, this is as right as for-update.
 */
export const lockOrder: Lock = {
  summary: 'locks seats in the order in which they were named: overlapping orders deadlock (500)',
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
