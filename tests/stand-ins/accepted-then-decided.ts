import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

const QUEUE_MS = 2000;

/** The bookings wait in a queue for two seconds. The workers of the wrong one look first, and write later. */
export const standIn: StandIn = {
  open(isRight) {
    const orders = new Map<string, string[]>();
    const bookings = new Map<string, object>();
    const decide = async (booking: string, seat: string) => {
      if ((orders.get(seat) ?? []).length > 0) {
        bookings.set(booking, { state: 'rejected', reason: 'sold out' });
        return;
      }
      await pause(isRight);
      const order = newOrder();
      orders.set(seat, [...(orders.get(seat) ?? []), order]);
      bookings.set(booking, { state: 'confirmed', order });
    };
    return openShop({
      'POST /bookings': ({ body }) => {
        const id = newOrder();
        bookings.set(id, { state: 'pending' });
        setTimeout(() => void decide(id, String(body.seat)), QUEUE_MS).unref();
        return [202, { id }];
      },
      'GET /bookings': ({ name }) => [200, bookings.get(name) ?? {}],
      'GET /seats': ({ name }) => [200, { orders: orders.get(name) ?? [] }],
    });
  },
  finding: 'double-booking',
  says: /seat A\d \(capacity 1\) was sold more than once/,
};
