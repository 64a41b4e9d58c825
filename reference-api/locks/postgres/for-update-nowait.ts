import { hasSqlState, LOCK_NOT_AVAILABLE } from '../../stores/postgres.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Like for-update, but nobody waits: a request that finds the row locked is refused at once (423), so a crowd
 * does not tie up connections.
 */
export const forUpdateNowait: Lock = {
  summary: 'like for-update, but a request that finds the row locked is refused at once (423)',
  source: 'https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    try {
      return await transaction(pool, async (client) => {
        const statuses = await lockSeats(client, order.seatIds, 'FOR UPDATE NOWAIT');
        if (statuses.some((status) => status !== 'available')) return 'taken';
        await work();
        await markBooked(client, order.seatIds);
        await insertBookings(client, order);
        return 'booked';
      });
    } catch (error) {
      if (hasSqlState(error, LOCK_NOT_AVAILABLE)) return 'locked';
      throw error;
    }
  },
};
