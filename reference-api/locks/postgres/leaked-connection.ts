import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings } from './bookings.ts';
import { lockSeats, markBooked } from './seats.ts';

/**
 * Wrong: a refusal returns without giving its connection back to the pool. No seat is sold twice; but after as many refusals
 * as the pool has connections, every request waits for one, and none will come: the server hangs until it is started
 * again. Whether those requests have booked, nobody outside can tell, so the verdict is that: inconclusive. Whoever waits for
 * longer than the limit of `slow` also gets that, and a fail.
 */
export const leakedConnection: Lock = {
  summary: 'forgets to release the connection of a refusal: after ten of them the server hangs',
  source: 'https://node-postgres.com/features/pooling',
  expected: { verdict: 'inconclusive', finding: 'indeterminate' },
  needs: { patienceMs: 1_000 },
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
