import { ORDERS_AND_KEYS, type SubmissionStrategy } from '../double-submit.ts';
import { statements } from './orders.ts';

/**
 * Wrong. Looks up the key, places the order, then stores the key with it. A double click falls in between: neither
 * request finds the key of the other, and the customer pays twice.
 */
export const lookUpFirst: SubmissionStrategy = {
  summary: 'looks up the key, awaits, then stores order and key: a double click becomes two orders',
  source: 'https://brandur.org/idempotency-keys',
  expected: { verdict: 'fail', finding: 'duplicate-order' },
  store: 'sqlite',
  schema: ORDERS_AND_KEYS,
  prepare: (database, work) => {
    const { known, insertOrder, ordersOf } = statements(database);
    const store = database.prepare(
      'INSERT OR REPLACE INTO idempotency_keys (idempotency_key, request, order_id) VALUES (?, ?, ?)',
    );

    return {
      submit: async ({ orderId, idempotencyKey, request, cartId }) => {
        const first = known(idempotencyKey);
        if (first !== undefined) {
          return first.request === request ? { kind: 'done', orderId: first.orderId } : { kind: 'other-request' };
        }
        await work();
        insertOrder(orderId, cartId);
        store.run(idempotencyKey, request, orderId);
        return { kind: 'done', orderId };
      },
      ordersOf,
    };
  },
};
