import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/** Availability changes rarely, somebody thought. */
const TTL_MS = 1_000;

/**
 * Wrong: the look goes to a cache, which is filled on the first look and forgets after a second. A booking does not clear
 * it, so until then everybody is told what was true before. There is no `await` between look and write, and it does not
 * help: what was looked at is old.
 */
export const staleCache: Lock = {
  summary: 'looks into a cache that a booking does not clear',
  source: 'https://learn.microsoft.com/azure/architecture/patterns/cache-aside',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    const cache = new Map<string, { readonly isFree: boolean; readonly untilMs: number }>();
    const isFree = (seatId: string): boolean => {
      const known = cache.get(seatId);
      if (known !== undefined && performance.now() < known.untilMs) return known.isFree;
      const looked = { isFree: find.get(seatId) === undefined, untilMs: performance.now() + TTL_MS };
      cache.set(seatId, looked);
      return looked.isFree;
    };

    return async ({ orderId, seatIds }) => {
      await work();
      if (!seatIds.every(isFree)) return 'taken';
      for (const seatId of seatIds) insert.run(orderId, seatId);
      return 'booked';
    };
  },
};
