import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

interface Booking {
  readonly uid: string;
  readonly guests: string[];
}

/** The wrong one looks for the booking, and makes one where there is none. */
export const standIn: StandIn = {
  open(isRight) {
    const bookings = new Map<string, Booking[]>();
    return openShop({
      async 'POST /appointments'({ body }) {
        const start = String(body.start);
        const known = bookings.get(start)?.[0];
        await pause(isRight);
        const booking = known ?? { uid: newOrder(), guests: [] };
        if (known === undefined) bookings.set(start, [...(bookings.get(start) ?? []), booking]);
        booking.guests.push(String(body.name));
        return [201, { booking: { uid: booking.uid } }];
      },
      'GET /bookings': ({ query }) => [200, { bookings: bookings.get(query.get('start') ?? '') ?? [] }],
    });
  },
  finding: 'duplicate-order',
  says: /appointment 2027-05-04T09:00: one order, sent several times, became 8/,
};
