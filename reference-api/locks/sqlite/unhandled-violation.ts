import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Wrong, although no seat is sold twice. The constraint does its job, but nobody catches the violation, so the customer
 * gets a 500. A loser cannot tell "taken" from "broken" and tries again, proxies take the server out of rotation, and
 * somebody is paged.
 */
export const unhandledViolation: Lock = {
  summary: 'a unique constraint whose violation nobody catches: 500 for everybody but the winner',
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
