import { BOOKINGS_ONE_PER_SEAT } from '../../../locks/sqlite/bookings.ts';
import { unique } from '../../../locks/sqlite/unique.ts';
import { type BookingsStrategy, refund } from '../cancel-rebook.ts';

/**
 * Right. Only the booking row says who owns a seat, and a cancellation deletes the rows of that order in one statement.
 * The seat is free from that instant, and not before.
 */
export const byOrder: BookingsStrategy = {
  summary: 'refunds, then deletes the bookings of this order in one statement',
  source: 'https://www.sqlite.org/lang_delete.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (database, work) => {
    const remove = database.prepare('DELETE FROM bookings WHERE order_id = ?');

    return {
      book: unique.prepare(database, work),
      cancel: async (orderId) => {
        await refund();
        return remove.run(orderId).changes > 0 ? 'cancelled' : 'unknown';
      },
    };
  },
};
