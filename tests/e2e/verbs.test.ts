import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { eachSeat, suiteFor } from '../support/suites.ts';

/** A shop whose orders are paid: `POST /orders` makes one, `POST /orders/{id}/pay` pays it. */
async function orderShop({ paysTwice = false, refusesOf = '' } = {}) {
  const made: string[] = [];
  const cookies: (string | undefined)[] = [];
  const paid = new Map<string, number>();
  const server = await httpServer((request, response, body) => {
    const answer = (status: number, json: object, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
    const order = /^\/orders\/(.+)\/pay$/.exec(request.url ?? '')?.[1];
    if (order === undefined) {
      const { seat } = JSON.parse(body) as { seat: string };
      if (seat === refusesOf) return answer(500, { error: `cannot reserve ${seat}` });
      made.push(seat);
      return answer(201, { id: `${seat}-${made.length}` }, { 'set-cookie': `cart=${seat}`, 'x-cart': seat });
    }
    cookies.push(request.headers.cookie);
    const times = (paid.get(order) ?? 0) + 1;
    paid.set(order, times);
    return times === 1 || paysTwice ? answer(201, { order_id: `p${times}` }) : answer(409, { message: 'already paid' });
  });
  return { ...server, made, cookies, paid };
}

const makeOrder = (more: object = {}) => ({
  post: {
    url: '/orders',
    json: { seat: '{{ $loopElement }}' },
    race: { once: '{{ $loopElement }}', ...more },
    capture: [
      { json: '$.id', as: 'order' },
      { header: 'x-cart', as: 'cart' },
    ],
  },
});
const pay = { post: { url: '/orders/{{ order }}/pay', race: { inventory: '{{ $loopElement }}' } } };

describe('a request that one sends for all', () => {
  it('is sent once in each round, and all get its answer, captures and cookies included', async ({ open }) => {
    const shop = await open(orderShop());
    const run = await runSuite(suiteFor(shop.url, { flow: [eachSeat(makeOrder(), pay)] }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(shop.made).toEqual(['A1', 'A2', 'A3']);
    expect([...shop.paid]).toEqual([
      ['A1-1', 10],
      ['A2-2', 10],
      ['A3-3', 10],
    ]);
    expect(new Set(shop.cookies)).toEqual(new Set(['cart=A1', 'cart=A2', 'cart=A3']));
    expect(run.verdict?.totals).toEqual({ requests: 30, ok: 3, fail: 27, info: 0 });
  });

  it('lets a shop be caught that takes the money twice', async ({ open }) => {
    const shop = await open(orderShop({ paysTwice: true }));
    const run = await runSuite(suiteFor(shop.url, { flow: [eachSeat(makeOrder(), pay)] }));
    expect([run.code, findingsOf(run)]).toEqual([3, ['double-booking']]);
  });

  it('is a doubt where it fails, and that round is not raced', async ({ open }) => {
    const shop = await open(orderShop({ refusesOf: 'A2' }));
    const run = await runSuite(suiteFor(shop.url, { flow: [eachSeat(makeOrder(), pay)] }));
    expect([run.code, findingsOf(run)]).toEqual([4, ['setup-failed']]);
    expect(run.verdict?.findings[0]?.message).toBe('POST /orders: once A2 was answered 500: cannot reserve A2');
    expect([...shop.paid.keys()]).toEqual(['A1-1', 'A3-2']);
  });
});
