import { hasSqlState, SERIALIZATION_FAILURE } from '../../stores/postgres.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';

/**
 * Wrong. Answers before the transaction commits, and then the commit fails. Here the transaction is serializable, so a
 * conflict may show only at the commit; a deferred constraint, a lost connection, a full disk or a failover can do the
 * same. The table is right, but customers hold orders that are not in it. Only a read-back shows that.
 */
export const earlyAnswer: Lock = {
  summary: 'answers 201 before the commit, which then fails: the order is stored nowhere',
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE',
  expected: { verdict: 'fail', finding: 'lost-booking' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      if (await isTaken(client, order)) return 'taken';
      await work();
      await insertBookings(client, order);
      return 'booked';
    } catch (error) {
      if (hasSqlState(error, SERIALIZATION_FAILURE)) return 'conflict';
      throw error;
    } finally {
      // Not awaited: the answer leaves before the commit, and nobody hears when the commit fails.
      void client
        .query('COMMIT')
        .catch(() => {})
        .finally(() => client.release());
    }
  },
};
