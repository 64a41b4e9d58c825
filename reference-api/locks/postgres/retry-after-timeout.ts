import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingResult, Lock } from '../lock.ts';
import { lockSeats } from './seats.ts';
import { transaction } from './transaction.ts';

/** Shorter than the work of a booking, which is 5 ms by default: the first attempt is always late. */
const TIMEOUT_MS = 4;

/**
 * Wrong. When an attempt does not finish in time, the code assumes that it failed and tries again as a new order. But
 * the attempt was only slow: it is stored, and so is the second one. The seat already belongs to this customer, so
 * nothing refuses the retry. The customer hears of one order, has two and pays twice. Every answer looks right, and
 * only a read-back shows the bug. The fix: one idempotency key for all attempts, with a unique constraint on it.
 */
export const retryAfterTimeout: Lock = {
  summary: 'retries a slow attempt as a new order although it succeeded: one customer, two orders',
  source: 'https://brandur.org/idempotency-keys',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'postgres',
  schema: `
    CREATE TABLE bookings (
      order_id text NOT NULL,
      customer text NOT NULL,
      seat_id text NOT NULL REFERENCES seats
    );
    CREATE INDEX ON bookings (seat_id);
  `,
  prepare: (pool, work) => {
    const attempt = (orderId: string, customer: string, seatIds: readonly string[]) =>
      transaction(pool, async (client): Promise<BookingResult> => {
        await lockSeats(client, seatIds);
        const { rows: others } = await client.query(
          'SELECT 1 FROM bookings WHERE seat_id = ANY ($1) AND customer <> $2',
          [seatIds, customer],
        );
        if (others.length > 0) return 'taken';
        await work();
        await client.query('INSERT INTO bookings (order_id, customer, seat_id) SELECT $1, $2, unnest($3::text[])', [
          orderId,
          customer,
          seatIds,
        ]);
        return 'booked';
      });

    return async ({ orderId, seatIds }) => {
      const customer = orderId;
      const first = await Promise.race([attempt(orderId, customer, seatIds), sleep(TIMEOUT_MS, 'late' as const)]);
      return first === 'late' ? attempt(randomUUID(), customer, seatIds) : first;
    };
  },
};
