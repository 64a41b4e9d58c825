import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right: a unique constraint, and an insert that passes over conflicts instead of failing. How many rows it has written
 * tells whether all seats were to be had; the same insert without that question is swallowed-conflict.
 */
export const onConflict: Lock = {
  summary: 'ON CONFLICT DO NOTHING, and a look at how many rows were written',
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
