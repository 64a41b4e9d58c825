import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/**
 * Wrong, and the most common mistake: check whether the seat is free, do some work, then write.
 *
 * `node:sqlite` is synchronous, so nothing can interrupt a check that is directly followed by a write, and this server
 * would be right by accident. The `await` in between opens the window: while this order waits for the work, the event
 * loop serves other orders, which also check and find the same seat free. Every booking system has such an await, even
 * if it is only the round trip to the database.
 */
export const none: Lock = {
  summary: 'checks, awaits, then writes: sells the seat to everybody who checked in time',
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
