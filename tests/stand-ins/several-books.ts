import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

const STOCK = new Map([
  ['mug', 3],
  ['cap', 5],
]);

/** The wrong one reads the stock, and writes back one less: orders are right, and updates of the counter get lost. */
export const standIn: StandIn = {
  open(isRight) {
    const onHand = new Map(STOCK);
    const orders = new Map([...STOCK].map(([product]) => [product, [] as { readonly id: string }[]]));
    return openShop({
      async 'POST /orders'({ body }) {
        const product = String(body.product);
        const placed = orders.get(product) ?? [];
        if (placed.length >= (STOCK.get(product) ?? 0)) return [409, { message: 'out of stock' }];
        const order = { id: newOrder() };
        placed.push(order);
        const left = onHand.get(product) ?? 0;
        await pause(isRight);
        onHand.set(product, left - 1);
        return [201, { order_id: order.id }];
      },
      'GET /orders': ({ query }) => [200, { orders: orders.get(query.get('product') ?? '') }],
      'GET /stock': () => [200, [...onHand].map(([product, on_hand]) => ({ product, on_hand }))],
    });
  },
  finding: 'books-disagree',
  says: /product mug: GET \/orders says that 3 are sold, GET \/stock says that 1 is sold/,
};
