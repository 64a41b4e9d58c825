import type { BookingResult, Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/**
 * Right, as long as one process serves all: looking, working and writing is for one order at a time. The others queue up
 * in memory. A second process has a queue of its own: see mutex-per-process.ts.
 */
export const mutex: Lock = {
  summary: 'a mutex in memory: right while there is one process',
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
