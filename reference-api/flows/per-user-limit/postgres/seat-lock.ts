import { transaction } from '../../../locks/postgres/transaction.ts';
import { CUSTOMERS, type LimitStrategy } from '../per-user-limit.ts';
import { isAtLimit, readCustomer, takeSeat } from './customers.ts';

/**
 * Wrong: counts, then locks the seat, then writes. The lock is a good one, and guards the seat; no two sessions of the
 * customer want the same seat, so none waits for another. Seen in a real system: five reservations where one was allowed.
 */
export const seatLock: LimitStrategy = {
  summary: 'counts what the customer has, then locks the seat: parallel sessions overrun the limit',
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
