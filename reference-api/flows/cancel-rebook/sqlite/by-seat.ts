import { BOOKINGS } from '../../../locks/sqlite/bookings.ts';
import { conditionalUpdate } from '../../../locks/sqlite/conditional-update.ts';
import { type BookingsStrategy, refund } from '../cancel-rebook.ts';

/**
 * Wrong: makes the seat free for the others at once, pays back, and then clears the seat. Whoever has booked it meanwhile
 * was told so, and loses it: the clearing asks for the seat, and not for whose booking it is.
 */
export const bySeat: BookingsStrategy = {
  summary: 'frees the seat, awaits the refund, then deletes the bookings of the seat: also that of the next owner',
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
