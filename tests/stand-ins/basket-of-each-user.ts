import { httpServer } from '../support/http-server.ts';
import { newOrder, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** A shop whose baskets hang on the cookie of a session. The wrong one looks at the shelf, takes the money, and then the item. */
export const standIn: StandIn = {
  open(isRight) {
    const baskets = new Map<string, string>();
    const receipts = new Map<string, string[]>();
    return httpServer(async ({ method, url = '', headers }, response) => {
      const [, page, item = ''] = url.split('/');
      if (method === 'GET') {
        const sold = receipts.get(item) ?? [];
        const json = { left: sold.length > 0 ? 0 : 1, receipts: sold };
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      }
      if (page === 'login') {
        const id = newOrder();
        baskets.set(id, '');
        return response.writeHead(303, { 'set-cookie': `session=${id}; HttpOnly; Path=/`, location: '/' }).end();
      }
      const session = /session=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
      if (!baskets.has(session)) return response.writeHead(401).end('who are you?');
      if (page === 'basket') {
        baskets.set(session, item);
        return response.writeHead(204).end();
      }
      const wanted = baskets.get(session) ?? '';
      if (receipts.has(wanted)) return response.writeHead(200).end('<p class="alert">Sold out. Sorry!</p>');
      await pause(isRight);
      const receipt = newOrder().replace('-', '');
      receipts.set(wanted, [...(receipts.get(wanted) ?? []), receipt]);
      return response.writeHead(302, { location: `/receipts/${receipt}` }).end();
    });
  },
  finding: 'double-booking',
  says: /item (lamp|chair|table) \(capacity 1\) was sold more than once/,
};
