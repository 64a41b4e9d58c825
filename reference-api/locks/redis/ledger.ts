import type { DatabaseSync } from 'node:sqlite';
import type { BookingResult, Order } from '../lock.ts';
import { transaction } from '../sqlite/transaction.ts';

/** The bookings, in the SQLite database behind Redis. */
export function openLedger(database: DatabaseSync) {
  const find = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
  const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');
  return {
    isTaken: ({ seatIds }: Order): boolean => seatIds.some((seatId) => find.get(seatId) !== undefined),
    insert: ({ orderId, seatIds }: Order): BookingResult =>
      transaction(database, () => {
        for (const seatId of seatIds) insert.run(orderId, seatId);
        return 'booked';
      }),
  };
}
