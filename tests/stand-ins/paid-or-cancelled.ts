import { openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one looks whether the order is open, asks the bank, and then writes. */
export const standIn: StandIn = {
  open(isRight) {
    const states = new Map<string, string>();
    const decide = async (order: string, state: string) => {
      const before = states.get(order);
      if (before !== undefined && before !== state) return [409, { message: `already ${before}` }] as const;
      await pause(isRight);
      states.set(order, state);
      return [state === 'cancelled' ? 204 : 200, { order_id: order }] as const;
    };
    return openShop({
      'POST /orders': ({ name, action }) => decide(name, action === 'pay' ? 'paid' : 'cancelled'),
      'GET /orders': ({ name }) => [200, { state: states.get(name) ?? 'open' }],
    });
  },
  finding: 'exclusive-broken',
  says: /order order-\d/,
};
