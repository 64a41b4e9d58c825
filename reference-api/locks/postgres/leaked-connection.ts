import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';

/**
 * Wrong. A refusal returns without giving the connection back to the pool. No seat is sold twice. But after as many
 * refusals as the pool has connections, every request waits for a connection that never comes: the server hangs until
 * somebody restarts it. Nobody outside can tell whether the hanging requests have booked, so the verdict is
 * inconclusive. A race that waits longer than the limit of `slow` reports that too, and fails.
 */
export const leakedConnection: Lock = {
  summary: 'a refusal does not release its connection: after ten refusals the server hangs',
  source: 'https://node-postgres.com/features/pooling',
  expected: { verdict: 'inconclusive', finding: 'indeterminate' },
  needs: { timeoutMs: 1_000 },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    const statuses = await lockSeats(client, order.seatIds);
    if (statuses.some((status) => status !== 'available')) {
      await client.query('ROLLBACK');
      return 'taken';
    }
    await work();
    await markBooked(client, order.seatIds);
    await insertBookings(client, order);
    await client.query('COMMIT');
    client.release();
    return 'booked';
  },
};
