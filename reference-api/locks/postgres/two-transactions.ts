import type { BookingResult, Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Wrong: the look is in a transaction, with the right lock, and so is the write, in another one. The lock goes with the first
 * of them. It comes of helpers that each open a transaction of their own, and looks careful.
 */
export const twoTransactions: Lock = {
  summary: 'looks in one transaction, under a lock, and writes in another',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    const statuses = await transaction(pool, (client) => lockSeats(client, order.seatIds));
    if (statuses.some((status) => status !== 'available')) return 'taken';
    await work();
    return transaction(pool, async (client): Promise<BookingResult> => {
      await markBooked(client, order.seatIds);
      await insertBookings(client, order);
      return 'booked';
    });
  },
};
