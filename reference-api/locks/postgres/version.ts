import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { transaction } from './transaction.ts';

/**
 * Right. Optimistic locking: everybody reads the seat with its version, and the write succeeds only if the version is
 * still the same. Nobody waits; an order that comes too late gets a 409.
 */
export const version: Lock = {
  summary: 'optimistic: writes only if the version has not changed, else 409',
  source: 'https://martinfowler.com/eaaCatalog/optimisticOfflineLock.html',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    const { rows: seats } = await pool.query<{ seat_id: string; status: string; version: number }>(
      'SELECT seat_id, status, version FROM seats WHERE seat_id = ANY ($1) ORDER BY seat_id',
      [order.seatIds],
    );
    if (seats.some(({ status }) => status !== 'available')) return 'taken';
    await work();
    return transaction(pool, async (client) => {
      for (const seat of seats) {
        const { rowCount } = await client.query(
          "UPDATE seats SET status = 'booked', version = version + 1 WHERE seat_id = $1 AND version = $2",
          [seat.seat_id, seat.version],
        );
        if (rowCount === 0) return 'conflict';
      }
      await insertBookings(client, order);
      return 'booked';
    });
  },
};
