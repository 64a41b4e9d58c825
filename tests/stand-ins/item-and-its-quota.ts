import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** Two tickets draw on two quotas. The wrong one asks the quota, prices the order, and then books. */
export const standIn: StandIn = {
  open(isRight) {
    const left = new Map([
      ['q-31', 2],
      ['q-32', 1],
    ]);
    const items = [
      { id: 501, left: 2, quota: { id: 'q-31' } },
      { id: 502, left: 1, quota: { id: 'q-32' } },
    ];
    return openShop({
      async 'POST /orders'({ body }) {
        const quota = items.find(({ id, quota }) => id === body.item && quota.id === body.quota)?.quota.id;
        if (quota === undefined) return [400, { message: 'this item has another quota' }];
        if ((left.get(quota) ?? 0) < 1) return [409, { message: 'sold out' }];
        await pause(isRight);
        left.set(quota, (left.get(quota) ?? 0) - 1);
        return [201, { order_id: newOrder() }];
      },
      'GET /items': () => [200, { results: items }],
      'GET /quotas': ({ name }) => [200, { available: left.get(name) }],
    });
  },
  finding: 'double-booking',
  says: /ticket 501 \(capacity 2\) was sold more than 2 times/,
};
