import { transaction } from '../../../locks/sqlite/transaction.ts';
import { CUSTOMERS, type LimitStrategy } from '../per-user-limit.ts';
import { customerReader, isAtLimit } from './customers.ts';

/**
 * Right. BEGIN IMMEDIATE comes before the count, so no other session of the customer can write until this one is done.
 */
export const lockedCount: LimitStrategy = {
  summary: "BEGIN IMMEDIATE, then counts the customer's seats, then writes",
  source: 'https://www.sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: CUSTOMERS,
  prepare: (database, work) => {
    const read = customerReader(database);
    const take = database.prepare(
      'INSERT INTO reservations (order_id, customer_id, seat_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );

    return {
      reserve: async ({ orderId, customerId, seatId }) => {
        await work();
        return transaction(database, () => {
          if (isAtLimit(read(customerId))) return 'limit-reached';
          return take.run(orderId, customerId, seatId).changes === 0 ? 'taken' : 'booked';
        });
      },
      read: async (customerId) => read(customerId),
    };
  },
};
