import { openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

const USES = new Map([
  ['FOR-ONE', 1],
  ['FOR-THREE', 3],
]);

/** The wrong one counts the uses, sends a welcome mail, and then counts this one. */
export const standIn: StandIn = {
  open(isRight) {
    const usedBy = new Map([...USES].map(([code]) => [code, [] as string[]]));
    return openShop({
      async 'POST /invites'({ body, name }) {
        const guests = usedBy.get(name);
        if (guests === undefined) return [404, {}];
        if (guests.length >= (USES.get(name) ?? 0)) return [410, { message: 'used up' }];
        await pause(isRight);
        guests.push(String(body.email));
        return [204, {}];
      },
      'GET /invites': ({ name }) => [200, { used_by: usedBy.get(name) ?? [] }],
    });
  },
  finding: 'double-booking',
  says: /invite FOR-THREE \(capacity 3\) was sold more than 3 times: 12 contenders/,
};
