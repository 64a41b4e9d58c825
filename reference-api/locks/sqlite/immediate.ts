import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Checks and writes in one transaction that takes the write lock before it checks. SQLite allows one writer at a
 * time across all processes: a second order checks after the first one has committed, and finds the seat taken. It counts,
 * so it is right for a pool of several units too.
 */
export const immediate: Lock = {
  summary: 'BEGIN IMMEDIATE, check, write, COMMIT: one writer at a time',
  source: 'https://www.sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions',
  expected: { verdict: 'pass' },
  needs: { processes: 2 },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const findFull = database.prepare(
      `SELECT 1 FROM seats WHERE seat_id = ?
       AND (SELECT count(*) FROM bookings WHERE bookings.seat_id = seats.seat_id) >= capacity`,
    );
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      await work();
      return transaction(database, () => {
        if (seatIds.some((seatId) => findFull.get(seatId) !== undefined)) return 'taken';
        for (const seatId of seatIds) insert.run(orderId, seatId);
        return 'booked';
      });
    };
  },
};
