import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

interface Booking {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** The wrong one looks for overlaps, and writes later. */
export const standIn: StandIn = {
  open(isRight) {
    const rooms = new Map<string, Booking[]>();
    const bookingsOf = (room: string) => rooms.get(room) ?? [];
    return openShop({
      'POST /rooms': async ({ name, body }) => {
        const booking = { id: newOrder(), from: Date.parse(String(body.from)), to: Date.parse(String(body.to)) };
        if (bookingsOf(name).some(({ from, to }) => from < booking.to && booking.from < to))
          return [409, { error: 'the room is taken then' }];
        await pause(isRight);
        rooms.set(name, [...bookingsOf(name), booking]);
        return [201, { id: booking.id }];
      },
      'GET /rooms': ({ name }) => [200, { bookings: bookingsOf(name) }],
    });
  },
  finding: 'double-booking',
  says: /room (?:blue|green|red)/,
};
