import { transaction } from '../../../locks/sqlite/transaction.ts';
import { ORDERS_AND_KEYS, type SubmissionResult, type SubmissionStrategy } from '../double-submit.ts';
import { statements } from './orders.ts';

/**
 * Wrong. Only the key counts; the code does not compare the request with the one that used the key before. A client
 * that reuses a key by mistake hears that the second order went through.
 */
export const bodyIgnored: SubmissionStrategy = {
  summary: 'a unique key, but a different order under the same key gets the answer of the first',
  source: 'https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header#section-2.7',
  expected: { verdict: 'fail', finding: 'key-reused' },
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
          if (claim.run(idempotencyKey, request, orderId).changes > 0) insertOrder(orderId, cartId);
          return { kind: 'done', orderId: known(idempotencyKey)?.orderId ?? orderId };
        });
      },
      ordersOf,
    };
  },
};
