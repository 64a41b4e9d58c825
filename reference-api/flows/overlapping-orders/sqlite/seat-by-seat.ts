import type { Lock } from '../../../locks/lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from '../../../locks/sqlite/bookings.ts';
import { isConstraintViolation } from '../../../stores/sqlite.ts';

/**
 * Wrong, although no seat is sold twice. Books the seats of an order one after the other, each in a separate
 * transaction. If the second seat is taken, the order is refused, but the first seat stays booked for an order that
 * nobody has.
 */
export const seatBySeat: Lock = {
  summary: 'books seat by seat in separate transactions: a refused order keeps the seats it got',
  source: 'https://www.sqlite.org/lang_transaction.html',
  expected: { verdict: 'fail', finding: 'half-filled' },
  store: 'sqlite',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (database, work) => {
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      for (const seatId of seatIds) {
        await work();
        try {
          insert.run(orderId, seatId);
        } catch (error) {
          if (isConstraintViolation(error)) return 'taken';
          throw error;
        }
      }
      return 'booked';
    };
  },
};
