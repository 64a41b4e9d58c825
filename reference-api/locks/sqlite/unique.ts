import { isConstraintViolation } from '../../stores/sqlite.ts';
import type { SqliteLock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Nobody checks first. Everybody inserts, in a transaction, and the unique constraint lets one insert through.
 * It does not matter how long the work takes or how many servers run this code: without a check there is no gap between
 * check and write.
 */
export const unique: SqliteLock = {
  summary: 'one insert, with a unique constraint on the seat: sells each seat once',
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
