import type { BookingResult, Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Wrong. Checks under the right lock in one transaction, then writes in another. The lock ends with the first
 * transaction, so others can check before the write. This happens with helper functions that each open a transaction,
 * and it looks careful.
 */
export const twoTransactions: Lock = {
  summary: 'checks under a lock in one transaction, writes in another',
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
