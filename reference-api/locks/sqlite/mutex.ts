import type { BookingResult, Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/**
 * Right, as long as one process serves all requests: one order at a time checks, works and writes, and the others queue
 * in memory. A second process would have a second queue, see mutex-per-process.ts.
 */
export const mutex: Lock = {
  summary: 'a mutex in memory: right as long as there is one process',
  source: 'https://en.wikipedia.org/wiki/Mutual_exclusion',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    let queue: Promise<unknown> = Promise.resolve();
    const alone = (critical: () => Promise<BookingResult>) => {
      const turn = queue.then(critical);
      queue = turn.catch(() => {});
      return turn;
    };

    return ({ orderId, seatIds }) =>
      alone(async () => {
        if (seatIds.some((seatId) => find.get(seatId) !== undefined)) return 'taken';
        await work();
        for (const seatId of seatIds) insert.run(orderId, seatId);
        return 'booked';
      });
  },
};
