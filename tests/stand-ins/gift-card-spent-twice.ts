import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** A card pays as much of an order as is left on it. The wrong one reads what is left, and writes it later. */
export const standIn: StandIn = {
  open(isRight) {
    const left = new Map([
      ['GIFT-1', 50],
      ['GIFT-2', 20],
    ]);
    return openShop({
      'POST /orders': async ({ body }) => {
        const card = String(body.gift_card);
        const before = left.get(card) ?? 0;
        const part = Math.min(before, Number(body.total));
        await pause(isRight);
        left.set(card, before - part);
        return [201, { order_id: newOrder(), paid_by_card: part }];
      },
      'GET /cards': ({ name }) => [200, { left: left.get(name) ?? 0 }],
    });
  },
  finding: 'double-booking',
  says: /gift card GIFT-\d/,
};
