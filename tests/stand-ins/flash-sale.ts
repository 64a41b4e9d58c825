import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one looks whether the item is there, charges the card, and then takes it. */
export const standIn: StandIn = {
  async open(isRight) {
    const items = new Map(Array.from({ length: 20 }, (_, i) => [`i${String(i + 1).padStart(2, '0')}`, [] as string[]]));
    const shop = await openShop({
      async 'POST /orders'({ body }) {
        const orders = items.get(String(body.item));
        if (orders === undefined) return [404, { message: 'no such item' }];
        if (orders.length > 0) return [409, { message: 'sold out' }];
        await pause(isRight);
        const order = newOrder();
        orders.push(order);
        return [201, { order_id: order }];
      },
      'GET /items': () => [200, [...items].map(([id, orders]) => ({ id, sold: orders.length > 0, orders }))],
    });
    return { ...shop, env: { BUYERS: '120' } };
  },
  finding: 'double-booking',
  says: /item i\d\d \(capacity 1\) was sold more than once/,
};
