import type { SqliteLock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. The condition is part of the write: the database checks and writes in one step, and the row count tells who
 * was first.
 */
export const conditionalUpdate: SqliteLock = {
  summary: "UPDATE … WHERE status = 'available': the row count tells who was first",
  source: 'https://www.sqlite.org/lang_update.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const take = database.prepare("UPDATE seats SET status = 'booked' WHERE seat_id = ? AND status = 'available'");
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      await work();
      return transaction(database, () => {
        for (const seatId of seatIds) {
          if (take.run(seatId).changes === 0) return 'taken';
          insert.run(orderId, seatId);
        }
        return 'booked';
      });
    };
  },
};
