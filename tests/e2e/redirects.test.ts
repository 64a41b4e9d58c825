import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { book, eachSeat, SEATS, suiteFor } from '../support/suites.ts';

type Opening = <T extends { close(): unknown }>(opening: T | Promise<T>) => Promise<T>;

/** A shop with a form: it answers an order with a redirect, to a page of thanks or to one that says "sold out". */
async function formShop(open: Opening, status: number, { right = true } = {}) {
  const seen: string[] = [];
  const sold = new Set<string>();
  const server = await open(
    httpServer(({ method, url = '', headers }, response, body) => {
      seen.push(`${method} ${url.replace(/orders\/\d+/, 'orders/N')}`);
      if (method === 'POST' && url === '/book') {
        const { seat } = JSON.parse(body) as { seat: string };
        const isFree = !right || !sold.has(seat);
        sold.add(seat);
        const location = isFree ? `/orders/${seen.length}` : '/sold-out';
        return response.writeHead(status, { location, 'set-cookie': `flash=${isFree ? 'thanks' : 'sorry'}` }).end();
      }
      // The page is for those who bring the cookie of the redirect.
      const text = { '/sold-out': 'flash=sorry' }[url] ?? 'flash=thanks';
      const isKnown = headers.cookie?.includes(text) === true;
      return response.end(
        isKnown ? `<h1>${text === 'flash=thanks' ? 'Order no. 17' : 'Sorry, sold out'}</h1>` : '<h1>Who are you?</h1>',
      );
    }),
  );
  return { url: server.url, seen };
}

const page = { capture: { regexp: '<h1>(.*)</h1>', group: 1, as: 'page' } };
const flow = [eachSeat(book(undefined, page), { post: { url: '/seen/{{ page }}' } })];
const ofPages = { redirects: 'follow', success: { text: 'Order no.' }, refusal: { text: 'sold out' } };
const ofRedirects = {
  success: { status: [302, 303], header: { location: '/^\\/orders\\/\\d+$/' } },
  refusal: { header: { location: '/sold-out' } },
};

describe.concurrent('a form that redirects after each order', () => {
  it.for<[string, number, object]>([
    ['the redirect', 302, ofRedirects],
    ['the redirect', 303, ofRedirects],
    ['the page', 302, ofPages],
  ])('is judged by %s (%i), and the flow sees the page', async ([, status, outcome], { open }) => {
    const shop = await formShop(open, status);
    const run = await runSuite(suiteFor(shop.url, { race: { outcome }, flow, vus: 4 }));
    expect(run.code, run.stdout).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 12, ok: 3, fail: 9 });
    const counts = Object.fromEntries(
      [...Map.groupBy(shop.seen, (line) => line)].map(([line, { length }]) => [line, length]),
    );
    expect(counts).toEqual({
      'POST /book': 12,
      'GET /orders/N': 3,
      'GET /sold-out': 9,
      'POST /seen/Order%20no.%2017': 3,
      'POST /seen/Sorry,%20sold%20out': 9,
    });
  });

  it.for([ofRedirects, ofPages])('that sells twice fails', async (outcome, { open }) => {
    const shop = await formShop(open, 303, { right: false });
    const run = await runSuite(suiteFor(shop.url, { race: { outcome, inventories: SEATS.slice(0, 1) }, vus: 4 }));
    expect(run.code, run.stdout).toBe(3);
    expect(run.verdict?.findings.map(({ id }) => id)).toContain('double-booking');
  });
});
