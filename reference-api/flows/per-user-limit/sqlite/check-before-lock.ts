import { transaction } from '../../../locks/sqlite/transaction.ts';
import { CUSTOMERS, type LimitStrategy } from '../per-user-limit.ts';
import { customerReader, isAtLimit } from './customers.ts';

/**
 * Wrong. Checks the limit before it takes the lock. Each seat is guarded well, but every session goes for another seat,
 * and all of them have counted before the first one writes.
 */
export const checkBeforeLock: LimitStrategy = {
  summary: "counts the customer's seats, awaits, then locks and writes: parallel sessions exceed the limit",
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'limit-overrun' },
  store: 'sqlite',
  schema: CUSTOMERS,
  prepare: (database, work) => {
    const read = customerReader(database);
    const take = database.prepare(
      'INSERT INTO reservations (order_id, customer_id, seat_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );

    return {
      reserve: async ({ orderId, customerId, seatId }) => {
        if (isAtLimit(read(customerId))) return 'limit-reached';
        await work();
        return transaction(database, () => (take.run(orderId, customerId, seatId).changes === 0 ? 'taken' : 'booked'));
      },
      read: async (customerId) => read(customerId),
    };
  },
};
