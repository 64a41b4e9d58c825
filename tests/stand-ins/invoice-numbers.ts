import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one reads the last number, prints the invoice, and then stores the number. */
export const standIn: StandIn = {
  open(isRight) {
    const last = new Map<string, number>();
    return openShop({
      async 'POST /invoices'({ body }) {
        const series = String(body.series);
        const number = (last.get(series) ?? 0) + 1;
        await pause(isRight);
        last.set(series, number);
        return [201, { invoice: { id: newOrder(), number } }];
      },
    });
  },
  finding: 'not-unique',
  says: /series 2026.* 1 /,
};
