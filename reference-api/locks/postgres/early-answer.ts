import { hasSqlState, SERIALIZATION_FAILURE } from '../../stores/postgres.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';

/**
 * Wrong: the customer is told before the transaction is committed, and the commit fails. Here because it is serialisable:
 * that somebody else was faster may turn out only at the commit. A constraint that is deferred, a lost connection, a full
 * disk or a failover do the same. The table is right, and people hold orders that are not in it: only asking the server
 * afterwards shows which.
 */
export const earlyAnswer: Lock = {
  summary: 'answers 201 before the commit, which then fails: orders that nobody has',
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
      // Nobody waits for it, and nobody hears of its failure.
      void client
        .query('COMMIT')
        .catch(() => {})
        .finally(() => client.release());
    }
  },
};
