import { BOOKINGS_ONE_PER_SEAT } from '../../../locks/sqlite/bookings.ts';
import { unique } from '../../../locks/sqlite/unique.ts';
import { type BookingsStrategy, refund } from '../cancel-rebook.ts';

/**
 * Right: the booking is the only thing that says whose a seat is, and a cancellation takes away that of its own order, in
 * one statement. From that instant on the seat is free, and not before.
 */
export const byOrder: BookingsStrategy = {
  summary: 'pays back, then deletes its own booking in one statement: a seat is free when nobody has it',
  source: 'https://www.sqlite.org/lang_delete.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: (database, work) => {
    const give = database.prepare('DELETE FROM bookings WHERE order_id = ?');

    return {
      book: unique.prepare(database, work),
      cancel: async (orderId) => {
        await refund();
        return give.run(orderId).changes > 0 ? 'cancelled' : 'unknown';
      },
    };
  },
};
