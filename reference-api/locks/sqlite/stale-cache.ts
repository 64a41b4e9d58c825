import type { Lock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/** Somebody assumed that availability rarely changes. */
const TTL_MS = 1_000;

/**
 * Wrong. The check reads a cache, which the first check fills and which expires after a second. A booking does not
 * clear it, so until then everybody reads the old state. There is no `await` between check and write, but that does not
 * help: the check answers from old data.
 */
export const staleCache: Lock = {
  summary: 'checks a cache that a booking does not clear',
  source: 'https://learn.microsoft.com/azure/architecture/patterns/cache-aside',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    const cache = new Map<string, { readonly isFree: boolean; readonly untilMs: number }>();
    const isFree = (seatId: string): boolean => {
      const cached = cache.get(seatId);
      if (cached !== undefined && performance.now() < cached.untilMs) return cached.isFree;
      const fresh = { isFree: find.get(seatId) === undefined, untilMs: performance.now() + TTL_MS };
      cache.set(seatId, fresh);
      return fresh.isFree;
    };

    return async ({ orderId, seatIds }) => {
      await work();
      if (!seatIds.every(isFree)) return 'taken';
      for (const seatId of seatIds) insert.run(orderId, seatId);
      return 'booked';
    };
  },
};
