import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingResult, Lock } from '../lock.ts';
import { lockSeats } from './seats.ts';
import { transaction } from './transaction.ts';

/** Measured on an idle machine, where the work was not yet part of it. */
const TIMEOUT_MS = 4;

/**
 * Wrong: an attempt that has not answered in time is taken for one that failed, and made again, as a new order. But it was
 * only slow: it is stored, and so is the second. The seat is the customer's already, so nothing refuses it. One customer,
 * told of one order, has two, and pays twice; every answer is as it should be, and only the read-back shows it. The mend: a
 * key of the request that is the same in each attempt, and unique in the table.
 */
export const retryAfterTimeout: Lock = {
  summary: 'tries again, as a new order, what was slow and had succeeded: one customer, two orders',
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
