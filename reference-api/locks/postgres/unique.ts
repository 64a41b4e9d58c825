import { hasSqlState, UNIQUE_VIOLATION } from '../../stores/postgres.ts';
import type { BookingResult, Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Nobody checks first. Everybody inserts, and the unique constraint lets one insert through: a second insert of
 * the same seat waits until the first one commits, then fails. The insert runs on a client from the pool, because
 * `pool.query` closes the connection after each violation, and a hundred losers would wait for new connections.
 */
export const unique: Lock = {
  summary: 'one insert, with a unique constraint on the seat: sells each seat once',
  source: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (pool, work) => async (order) => {
    await work();
    try {
      return await transaction<BookingResult>(pool, async (client) => {
        await insertBookings(client, order);
        return 'booked';
      });
    } catch (error) {
      if (hasSqlState(error, UNIQUE_VIOLATION)) return 'taken';
      throw error;
    }
  },
};
