import { transaction } from '../../../locks/postgres/transaction.ts';
import { CUSTOMERS, type LimitStrategy } from '../per-user-limit.ts';
import { isAtLimit, readCustomer, takeSeat } from './customers.ts';

/**
 * Right. All sessions of a customer share the row of the customer, and that row is locked before the seats are counted.
 */
export const customerLock: LimitStrategy = {
  summary: 'locks the row of the customer, then counts their seats',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: CUSTOMERS,
  prepare: (pool, work) => ({
    reserve: (reservation) =>
      transaction(pool, async (client) => {
        await client.query('SELECT 1 FROM customers WHERE customer_id = $1 FOR UPDATE', [reservation.customerId]);
        if (await isAtLimit(client, reservation.customerId)) return 'limit-reached';
        await work();
        return takeSeat(client, reservation);
      }),
    read: (customerId) => readCustomer(pool, customerId),
  }),
};
