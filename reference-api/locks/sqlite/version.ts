import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Optimistic locking: everybody reads the seat with its version, and the write succeeds only if the version is
 * still the same. Nobody waits; an order that comes too late gets a 409.
 */
export const version: Lock = {
  summary: 'optimistic: writes only if the version has not changed, else 409',
  source: 'https://martinfowler.com/eaaCatalog/optimisticOfflineLock.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT status, version FROM seats WHERE seat_id = ?');
    const take = database.prepare(
      "UPDATE seats SET status = 'booked', version = version + 1 WHERE seat_id = ? AND version = ?",
    );
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      const seats = seatIds.map((seatId) => ({ seatId, ...find.get(seatId) }) as ReadSeat);
      if (seats.some(({ status }) => status !== 'available')) return 'taken';
      await work();
      return transaction(database, () => {
        for (const seat of seats) {
          if (take.run(seat.seatId, seat.version).changes === 0) return 'conflict';
          insert.run(orderId, seat.seatId);
        }
        return 'booked';
      });
    };
  },
};

/** A seat as an order has read it. */
interface ReadSeat {
  readonly seatId: string;
  readonly status: string;
  readonly version: number;
}
