import { isConstraintViolation } from '../../stores/sqlite.ts';
import type { SqliteLock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right: nobody looks first. Everyone writes, in a transaction, and the database's unique constraint lets one through.
 * However long the work before it takes, and however many servers run this code, there is no moment between a look and
 * a write, because there is no look.
 */
export const unique: SqliteLock = {
  summary: 'one insert, a unique constraint on the seat: sells each seat once',
  source: 'https://www.sqlite.org/lang_createtable.html#unique_constraints',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (database, work) => {
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      await work();
      try {
        return transaction(database, () => {
          for (const seatId of seatIds) insert.run(orderId, seatId);
          return 'booked';
        });
      } catch (error) {
        if (isConstraintViolation(error)) return 'taken';
        throw error;
      }
    };
  },
};
