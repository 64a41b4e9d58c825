import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats } from './seats.ts';
import { transaction } from './transaction.ts';
import { unitsLeft } from './units.ts';

/**
 * Right, for a pool of several units. Locks the row of the pool before counting what was sold, so only one order at a
 * time counts and inserts.
 */
export const lockedCount: Lock = {
  summary: 'quota: locks the row of the pool, then counts what was sold',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'pass' },
  needs: { capacity: 4 },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => (order) =>
    transaction(pool, async (client) => {
      await lockSeats(client, order.seatIds);
      for (const seatId of order.seatIds) {
        if ((await unitsLeft(client, seatId)) <= 0) return 'taken';
      }
      await work();
      await insertBookings(client, order);
      return 'booked';
    }),
};
