import { BOOKINGS } from '../../../locks/sqlite/bookings.ts';
import { conditionalUpdate } from '../../../locks/sqlite/conditional-update.ts';
import { type BookingsStrategy, refund } from '../cancel-rebook.ts';

/**
 * Wrong. Frees the seat at once, refunds, and then clears the seat. Somebody who books it in between gets a 201 and
 * then loses the booking, because the clearing deletes by seat and does not check whose booking it is.
 */
export const bySeat: BookingsStrategy = {
  summary: 'frees the seat, awaits the refund, then deletes by seat: also the booking of the next owner',
  source: 'https://cwe.mitre.org/data/definitions/362.html',
  expected: { verdict: 'fail', finding: 'lost-booking' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT seat_id FROM bookings WHERE order_id = ?');
    const free = database.prepare("UPDATE seats SET status = 'available' WHERE seat_id = ?");
    const clear = database.prepare('DELETE FROM bookings WHERE seat_id = ?');

    return {
      book: conditionalUpdate.prepare(database, work),
      cancel: async (orderId) => {
        const seatIds = find.all(orderId).map((row) => String(row.seat_id));
        if (seatIds.length === 0) return 'unknown';
        for (const seatId of seatIds) free.run(seatId);
        await refund();
        for (const seatId of seatIds) clear.run(seatId);
        return 'cancelled';
      },
    };
  },
};
