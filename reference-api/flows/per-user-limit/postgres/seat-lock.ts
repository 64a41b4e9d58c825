import { transaction } from '../../../locks/postgres/transaction.ts';
import { CUSTOMERS, type LimitStrategy } from '../per-user-limit.ts';
import { isAtLimit, readCustomer, takeSeat } from './customers.ts';

/**
 * Wrong. Counts, then locks the seat, then writes. The lock is a good one, but it guards the seat: two sessions of one
 * customer go for different seats, so neither waits for the other. Seen in a real system: five reservations where one
 * was allowed.
 */
export const seatLock: LimitStrategy = {
  summary: "counts the customer's seats, then locks the seat: parallel sessions exceed the limit",
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS',
  expected: { verdict: 'fail', finding: 'limit-overrun' },
  store: 'postgres',
  schema: CUSTOMERS,
  prepare: (pool, work) => ({
    reserve: (reservation) =>
      transaction(pool, async (client) => {
        if (await isAtLimit(client, reservation.customerId)) return 'limit-reached';
        await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [reservation.seatId]);
        await work();
        return takeSeat(client, reservation);
      }),
    read: (customerId) => readCustomer(pool, customerId),
  }),
};
