import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';

/**
 * Wrong. Uses `SELECT … FOR UPDATE` without a transaction. Each statement is then a transaction by itself, so the lock
 * is gone as soon as the SELECT returns. On a pool, the write may even use another connection.
 */
export const forUpdateAutocommit: Lock = {
  summary: 'FOR UPDATE without a transaction: the lock is gone before the write',
  source: 'https://www.postgresql.org/docs/current/sql-begin.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    const statuses = await lockSeats(pool, order.seatIds);
    if (statuses.some((status) => status !== 'available')) return 'taken';
    await work();
    await markBooked(pool, order.seatIds);
    await insertBookings(pool, order);
    return 'booked';
  },
};
