import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one reads the balance, pays, and writes the balance that it has worked out before. */
export const standIn: StandIn = {
  open(isRight) {
    const cents = new Map([
      ['ann', 5000],
      ['bob', 1250],
    ]);
    const withdrawals = new Map<string, string[]>();
    return openShop({
      'POST /wallets': async ({ name, body }) => {
        const left = (cents.get(name) ?? 0) - Math.round(Number(body.amount) * 100);
        if (left < 0) return [422, { error: 'insufficient funds' }];
        await pause(isRight);
        cents.set(name, left);
        const id = newOrder();
        withdrawals.set(name, [...(withdrawals.get(name) ?? []), id]);
        return [201, { id }];
      },
      'GET /wallets': ({ name }) => [
        200,
        { balance: ((cents.get(name) ?? 0) / 100).toFixed(2), withdrawals: withdrawals.get(name) ?? [] },
      ],
    });
  },
  finding: 'double-booking',
  says: /wallet (?:ann|bob)/,
};
