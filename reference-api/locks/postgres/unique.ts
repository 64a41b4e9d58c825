import { hasSqlState, UNIQUE_VIOLATION } from '../../stores/postgres.ts';
import type { BookingResult, Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right: nobody looks first. Everyone writes, and the unique constraint lets one through. A second insert of a seat waits
 * until the first is committed, and then fails. On a connection of its own: `pool.query` would throw its connection away with
 * every violation, and a hundred losers would wait for new ones.
 */
export const unique: Lock = {
  summary: 'one insert, a unique constraint on the seat: sells each seat once',
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
