import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one lets anybody free a seat: it looks up who asks, forgets to compare, and deletes whatever lock is there. */
export const standIn: StandIn = {
  open(isRight) {
    const locks = new Map<string, { readonly owner: string; readonly lock: string }>();
    return openShop({
      'POST /locks'({ body }) {
        const [seat, owner] = [String(body.seat), String(body.owner)];
        if (locks.has(seat)) return [409, { message: 'locked', won: 0 }];
        const lock = newOrder();
        locks.set(seat, { owner, lock });
        return [201, { lock, won: 1 }];
      },
      async 'DELETE /locks'({ name, query }) {
        const isOwner = locks.get(name)?.owner === query.get('owner');
        if (isRight && !isOwner) return [403, { message: 'not your lock' }];
        await pause(isOwner);
        return [locks.delete(name) ? 204 : 404, {}];
      },
      'GET /locks': ({ name }) => [200, { locks: [locks.get(name)?.lock ?? []].flat() }],
    });
  },
  finding: 'lost-booking',
  says: /seat A\d: it was booked by VU \d+, but the server says that it is free/,
};
