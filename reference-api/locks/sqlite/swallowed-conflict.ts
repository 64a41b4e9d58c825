import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';

/**
 * Wrong. The constraint holds and the table has one order per seat, but every customer hears that they have the seat:
 * the insert skips conflicts, and the code never checks how many rows it inserted. An audit of the table alone finds
 * nothing.
 */
export const swallowedConflict: Lock = {
  summary: 'ON CONFLICT DO NOTHING, and 201 no matter what was inserted',
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
