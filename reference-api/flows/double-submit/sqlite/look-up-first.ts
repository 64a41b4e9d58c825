import { ORDERS_AND_KEYS, type SubmissionStrategy } from '../double-submit.ts';
import { statements } from './orders.ts';

/**
 * Wrong: looks the key up, makes the order, and stores the key with it. A double click comes in between: neither finds the
 * key of the other, and the customer pays twice.
 */
export const lookUpFirst: SubmissionStrategy = {
  summary: 'looks the key up, awaits, then stores order and key: a double click becomes two orders',
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
