import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Right. `SELECT … FOR UPDATE` locks the row of the seat until the transaction ends. The others wait for that lock, and
 * when they get it they find the seat taken.
 */
export const forUpdate: Lock = {
  summary: 'locks the row of the seat before checking it: the others wait, then find it taken',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      const statuses = await lockSeats(client, order.seatIds);
      if (statuses.some((status) => status !== 'available')) return 'taken';
      await work();
      await markBooked(client, order.seatIds);
      await insertBookings(client, order);
      return 'booked';
    }),
};
