import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';

/**
 * Wrong: look whether the seat is free, then write. Between the two lie a round trip to the database and whatever the
 * booking has to do; all who look in that time find the seat free.
 */
export const none: Lock = {
  summary: 'looks, awaits, then writes: sells a seat to all who looked in time',
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    if (await isTaken(pool, order)) return 'taken';
    await work();
    await insertBookings(pool, order);
    return 'booked';
  },
};
