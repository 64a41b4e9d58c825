import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';

/**
 * Wrong. Checks whether the seat is free, then writes. In between lies a round trip to the database, plus the work of
 * the booking; everybody who checks in that time finds the seat free.
 */
export const none: Lock = {
  summary: 'checks, awaits, then writes: sells the seat to everybody who checked in time',
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
