import { openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one looks whether the event is new, writes to the next person, and only then notes the event. */
export const standIn: StandIn = {
  open(isRight) {
    const events = new Set<unknown>();
    const offers = new Map<string, string[]>();
    let next = 0;
    return openShop({
      'POST /webhooks': async ({ body }) => {
        if (events.has(body.id)) return [200, { received: true }];
        await pause(isRight);
        events.add(body.id);
        const seat = String(body.seat);
        next += 1;
        offers.set(seat, [...(offers.get(seat) ?? []), `person-${next}`]);
        return [200, { received: true }];
      },
      'GET /offers': ({ query }) => [200, { offers: offers.get(query.get('seat') ?? '') ?? [] }],
    });
  },
  finding: 'double-booking',
  says: /freed seat A\d/,
};
