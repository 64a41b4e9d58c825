import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';

/**
 * Wrong: the constraint holds, the table has one order of each seat, and everybody is told that it is theirs. The insert
 * passes over conflicts, and nobody looks at how many rows it wrote. Whoever only audits the table finds nothing.
 */
export const swallowedConflict: Lock = {
  summary: 'ON CONFLICT DO NOTHING, and 201 whatever was done',
  source: 'https://www.sqlite.org/lang_upsert.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'sqlite',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (database, work) => {
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?) ON CONFLICT DO NOTHING');

    return async ({ orderId, seatIds }) => {
      await work();
      for (const seatId of seatIds) insert.run(orderId, seatId);
      return 'booked';
    };
  },
};
