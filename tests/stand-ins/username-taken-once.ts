import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one asks whether the name is free, hashes the password, and then inserts. */
export const standIn: StandIn = {
  open(isRight) {
    const users: { readonly id: string; readonly username: string }[] = [];
    return openShop({
      async 'POST /users'({ body }) {
        const username = String(body.username);
        if (users.some((user) => user.username === username)) return [409, { errors: { username: 'already taken' } }];
        await pause(isRight);
        const id = newOrder();
        users.push({ id, username });
        return [201, { user_id: id }];
      },
      'GET /users': ({ query }) => [200, { users: users.filter(({ username }) => username === query.get('username')) }],
    });
  },
  finding: 'double-booking',
  says: /username Müller \(capacity 1\) was sold more than once/,
};
