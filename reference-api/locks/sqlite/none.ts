import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/**
 * Wrong, and the commonest way to be wrong: look whether the seat is free, do some work, then write.
 *
 * `node:sqlite` is synchronous, so a look directly followed by a write could not be interrupted, and this server would
 * be right by accident. It is the `await` in between that opens the window: while this order waits for its work, the
 * event loop serves the others, who look too, and find the same seat free. Any booking system has that await, be it
 * only the round trip to its database.
 */
export const none: Lock = {
  summary: 'looks, awaits, then writes: sells a seat to all who looked in time',
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      if (seatIds.some((seatId) => find.get(seatId) !== undefined)) return 'taken';
      await work();
      for (const seatId of seatIds) insert.run(orderId, seatId);
      return 'booked';
    };
  },
};
