import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Like for-update-nowait, but a locked row is not an error: the SELECT leaves it out. Fewer rows than seats
 * means that another order is booking one of them (423).
 */
export const skipLocked: Lock = {
  summary: 'like for-update-nowait, but the SELECT leaves a locked row out, and the code notices (423)',
  source: 'https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      const statuses = await lockSeats(client, order.seatIds, 'FOR UPDATE SKIP LOCKED');
      if (statuses.some((status) => status !== 'available')) return 'taken';
      if (statuses.length < order.seatIds.length) return 'locked';
      await work();
      await markBooked(client, order.seatIds);
      await insertBookings(client, order);
      return 'booked';
    }),
};
