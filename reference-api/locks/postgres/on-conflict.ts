import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. A unique constraint, and an insert that skips conflicting rows instead of failing. The number of inserted rows
 * tells whether the order got all seats. The lock swallowed-conflict (in SQLite) forgets to check that number.
 */
export const onConflict: Lock = {
  summary: 'ON CONFLICT DO NOTHING, then checks how many rows were inserted',
  source: 'https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare:
    (pool, work) =>
    async ({ orderId, seatIds }) => {
      await work();
      return transaction(pool, async (client) => {
        const { rowCount } = await client.query(
          `INSERT INTO bookings (order_id, seat_id) SELECT $1, seat_id FROM unnest($2::text[]) AS seat_id ORDER BY seat_id
           ON CONFLICT DO NOTHING`,
          [orderId, seatIds],
        );
        return rowCount === seatIds.length ? 'booked' : 'taken';
      });
    },
};
