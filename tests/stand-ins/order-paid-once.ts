import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one looks whether the order is paid, asks the bank, and then writes. */
export const standIn: StandIn = {
  open(isRight) {
    const references = new Map<string, string>();
    const payments = new Map<string, { readonly id: string }[]>();
    return openShop({
      'POST /orders': async ({ name, body }) => {
        if (name === '') {
          const id = newOrder();
          references.set(id, String(body.reference));
          return [201, { id }];
        }
        const reference = references.get(name);
        if (reference === undefined) return [404, { error: 'no such order' }];
        const paid = payments.get(reference) ?? [];
        if (paid.length > 0) return [409, { error: 'already paid' }];
        await pause(isRight);
        const payment = newOrder();
        payments.set(reference, [...(payments.get(reference) ?? []), { id: payment }]);
        return [201, { payment }];
      },
      'GET /payments': ({ query }) => [200, { payments: payments.get(query.get('reference') ?? '') ?? [] }],
    });
  },
  finding: 'double-booking',
  says: /order ref-\d \(capacity 1\) was sold more than once/,
};
