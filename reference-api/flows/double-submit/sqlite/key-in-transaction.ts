import { transaction } from '../../../locks/sqlite/transaction.ts';
import { ORDERS_AND_KEYS, type SubmissionResult, type SubmissionStrategy } from '../double-submit.ts';
import { statements } from './orders.ts';

/**
 * Right. Key and order are written in one transaction, with a unique constraint on the key. A second request finds the
 * key with the order, and gets the same answer.
 */
export const keyInTransaction: SubmissionStrategy = {
  summary: 'a unique key, stored with the request in the transaction of the order: one order, one answer',
  source: 'https://brandur.org/idempotency-keys',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: ORDERS_AND_KEYS,
  prepare: (database, work) => {
    const { known, insertOrder, ordersOf } = statements(database);
    const claim = database.prepare(
      'INSERT INTO idempotency_keys (idempotency_key, request, order_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );

    return {
      submit: async ({ orderId, idempotencyKey, request, cartId }) => {
        await work();
        return transaction(database, (): SubmissionResult => {
          if (claim.run(idempotencyKey, request, orderId).changes > 0) {
            insertOrder(orderId, cartId);
            return { kind: 'done', orderId };
          }
          const first = known(idempotencyKey);
          return first?.request === request ? { kind: 'done', orderId: first.orderId } : { kind: 'other-request' };
        });
      },
      ordersOf,
    };
  },
};
