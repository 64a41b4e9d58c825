import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Wrong, though no seat is sold twice: the constraint does its work, and its violation reaches the customer as 500. A loser
 * cannot tell "taken" from "broken" and tries again, proxies take the server out of rotation, and somebody is paged.
 */
export const unhandledViolation: Lock = {
  summary: 'a unique constraint whose violation nobody handles: 500 to all but one',
  source: 'https://www.rfc-editor.org/rfc/rfc9110#name-409-conflict',
  expected: { verdict: 'fail', finding: 'server-error' },
  store: 'sqlite',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (database, work) => {
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      await work();
      return transaction(database, () => {
        for (const seatId of seatIds) insert.run(orderId, seatId);
        return 'booked';
      });
    };
  },
};
