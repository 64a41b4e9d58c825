import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

interface RoomRequest {
  readonly id: string;
  readonly room: string;
  state: string;
}

/** The wrong one looks for a confirmed request, writes to the guest, and then confirms. */
export const standIn: StandIn = {
  async open(isRight) {
    const requests: RoomRequest[] = [];
    const shop = await openShop({
      'POST /requests'({ body }) {
        const request = { id: newOrder(), room: String(body.room), state: 'pending' };
        requests.push(request);
        return [201, request];
      },
      async 'PATCH /requests'({ name, headers }) {
        if (headers.authorization !== 'Bearer let-me-confirm') return [403, { message: 'not an admin' }];
        const request = requests.find(({ id }) => id === name);
        if (request === undefined) return [404, { message: 'no such request' }];
        const isTaken = requests.some(({ room, state }) => room === request.room && state === 'confirmed');
        if (isTaken) return [409, { message: 'the room is taken' }];
        await pause(isRight);
        request.state = 'confirmed';
        return [200, request];
      },
      'GET /requests': ({ query }) => [200, requests.filter(({ room }) => room === query.get('room'))],
    });
    return { ...shop, env: { ADMIN_TOKEN: 'let-me-confirm' } };
  },
  finding: 'double-booking',
  says: /room-1 \(capacity 1\) was sold more than once/,
};
