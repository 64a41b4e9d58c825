import type { Lock } from '../lock.ts';
import { insertBookings, isTaken } from './bookings.ts';

/**
 * Wrong: the customer is told before the transaction is committed, and the commit fails. Here by a constraint that is only
 * checked at the commit; a lost connection, a full disk or a failover do the same. The table is right, and people hold
 * orders that are not in it: only asking the server afterwards shows which.
 */
export const earlyAnswer: Lock = {
  summary: 'answers 201 before the commit, which then fails: orders that nobody has',
  source: 'https://www.postgresql.org/docs/current/sql-set-constraints.html',
  expected: { verdict: 'fail', finding: 'lost-booking' },
  store: 'postgres',
  schema: `
    CREATE TABLE bookings (
      order_id text NOT NULL,
      seat_id text NOT NULL REFERENCES seats,
      UNIQUE (seat_id) DEFERRABLE INITIALLY DEFERRED
    );
  `,
  prepare: (pool, work) => async (order) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const isFree = !(await isTaken(client, order));
      if (isFree) {
        await work();
        await insertBookings(client, order);
      }
      return isFree ? 'booked' : 'taken';
    } finally {
      // Nobody waits for it, and nobody hears of its failure.
      void client
        .query('COMMIT')
        .catch(() => {})
        .finally(() => client.release());
    }
  },
};
