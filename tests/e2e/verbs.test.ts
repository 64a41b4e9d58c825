import path from 'node:path';
import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { eachSeat, suiteFor } from '../support/suites.ts';

/** A shop whose orders are paid: `POST /orders` makes one, `POST /orders/{id}/pay` pays it. */
async function orderShop({ paysTwice = false, refusesOf = '', saysMuchOf = '' } = {}) {
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
      const note = seat === saysMuchOf ? 'x'.repeat(100_000) : '';
      return answer(201, { id: `${seat}-${made.length}`, note }, { 'set-cookie': `cart=${seat}`, 'x-cart': seat });
    }
    cookies.push(request.headers.cookie);
    const times = (paid.get(order) ?? 0) + 1;
    paid.set(order, times);
    return times === 1 || paysTwice ? answer(201, { order_id: `p${times}` }) : answer(409, { message: 'already paid' });
  });
  return { ...server, made, cookies, paid };
}

/** Sells each seat once. `DELETE /seats/{id}` frees a seat, or `all` of them, and answers 404. */
async function resettableSeats() {
  const stored = new Map<string, string[]>();
  const log: string[] = [];
  const server = await httpServer((request, response, body) => {
    const answer = (status: number, json: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    const seat = request.url?.split('/')[2] ?? '';
    const orders = stored.get(seat) ?? [];
    if (request.method === 'GET') {
      log.push(`${seat} has ${orders.length}`);
      return answer(200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders });
    }
    if (request.method === 'DELETE') {
      log.push(`${seat} is freed`);
      if (seat === 'all') stored.clear();
      else stored.delete(seat);
      return response.writeHead(404).end();
    }
    if (orders.length > 0) return answer(409, { message: 'taken' });
    stored.set(seat, [`o-${seat}`]);
    return answer(201, { order_id: `o-${seat}`, body });
  });
  return { ...server, log };
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

  it('is sent once for all workers', async ({ open }) => {
    const shop = await open(orderShop());
    const suite = suiteFor(shop.url, {
      // Three threads on two cores: how close together they leave is not what this is about.
      race: { inventories: ['A1'], contenders: 9, rehearsal: 'off', limits: { spreadMs: 2000, overlap: 0 } },
      config: { phases: [{ duration: 3, arrivalRate: 3 }] },
      flow: [eachSeat(makeOrder(), pay)],
    });
    const run = await runSuite(suite, { workers: 3 });
    expect(new Set(run.history?.attempts.map(({ thread }) => thread)).size).toBe(3);
    expect([run.code, findingsOf(run), shop.made, [...shop.paid]]).toEqual([0, [], ['A1'], [['A1-1', 9]]]);
  });

  const bookSeat = { post: { url: '/seats/{{ $loopElement }}', race: '{{ $loopElement }}' } };
  const free = (seat: string) => ({ delete: { url: `/seats/${seat}`, race: { once: seat, allow: [404] } } });
  it.for([
    [
      'each before it is freed',
      [eachSeat(bookSeat, free('{{ $loopElement }}'))],
      ['A1 has 0', 'A2 has 0', 'A1 has 1', 'A1 is freed', 'A2 has 1', 'A2 is freed'],
    ],
    [
      'all before they are freed together',
      [eachSeat(bookSeat), free('all')],
      ['A1 has 0', 'A2 has 0', 'A1 has 1', 'A2 has 1', 'all is freed'],
    ],
  ] as const)('finds what was raced before it read back: %s', async ([_what, flow, expected], { open }) => {
    const seats = await open(resettableSeats());
    const race = { inventories: ['A1', 'A2'], readBack: '/seats/{id}', rehearsal: 'off' };
    const run = await runSuite(suiteFor(seats.url, { race, flow }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(seats.log).toEqual(expected);
  });

  it('breaks for all where the sender gets no answer, and the next round is raced', async ({ open }) => {
    let orders = 0;
    const shop = await open(
      httpServer((request, response) => {
        const json = { 'content-type': 'application/json', 'x-cart': 'c' };
        if (request.url !== '/orders') return response.writeHead(409, json).end('{"message":"paid"}');
        orders += 1;
        if (orders === 1) return request.socket.destroy();
        return response.writeHead(201, json).end(JSON.stringify({ id: orders }));
      }),
    );
    const run = await runSuite(suiteFor(shop.url, { flow: [eachSeat(makeOrder(), pay)] }));
    expect([run.code, findingsOf(run), run.stderr]).toEqual([4, ['request-refused', 'setup-failed'], '']);
    expect([orders, run.verdict?.rounds.map(({ requests }) => requests)]).toEqual([3, [0, 10, 10]]);
  });

  it('is a doubt where it fails, and that round is not raced', async ({ open }) => {
    const shop = await open(orderShop({ refusesOf: 'A2' }));
    const run = await runSuite(suiteFor(shop.url, { flow: [eachSeat(makeOrder(), pay)] }));
    expect([run.code, findingsOf(run)]).toEqual([4, ['setup-failed']]);
    expect(run.verdict?.findings[0]?.message).toBe('POST /orders: once A2 was answered 500: cannot reserve A2');
    expect([...shop.paid.keys()]).toEqual(['A1-1', 'A3-2']);
  });

  it('is a doubt where its answer is too large, and nobody waits for it', async ({ open }) => {
    const shop = await open(orderShop({ saysMuchOf: 'A2' }));
    const race = { attempt: { maxBodyBytes: 500 } };
    const run = await runSuite(suiteFor(shop.url, { race, flow: [eachSeat(makeOrder(), pay)] }));
    expect([run.code, findingsOf(run)]).toEqual([4, ['setup-failed']]);
    expect(run.verdict?.findings[0]?.message).toMatch(
      /^POST \/orders: once A2 was answered 201: the rest was lost \(unreadable: the answer is larger than 500 bytes\)/,
    );
    expect([...shop.paid.keys()]).toEqual(['A1-1', 'A3-3']);
  });
});

/** Takes bookings into a queue: each is answered 202, and `GET /bookings/{id}` says later what became of it. */
async function queueShop({ sells = 1, decidesAfterMs = 300 } = {}) {
  const sold = new Map<string, number>();
  const bookings = new Map<string, { readonly isSold: boolean; readonly atMs: number }>();
  const polls = new Map<string, number>();
  const firstAndLastPoll: number[] = [];
  const server = await httpServer((request, response, body) => {
    const answer = (status: number, json: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (request.method === 'POST') {
      const { seat } = JSON.parse(body) as { seat: string };
      const place = (sold.get(seat) ?? 0) + 1;
      sold.set(seat, place);
      const id = `${seat}-${place}`;
      bookings.set(id, { isSold: place <= sells, atMs: performance.now() + decidesAfterMs });
      return answer(202, { id, status: 'pending' });
    }
    const id = request.url?.split('/').at(-1) ?? '';
    const booking = bookings.get(id);
    polls.set(id, (polls.get(id) ?? 0) + 1);
    firstAndLastPoll.splice(1, 1, performance.now());
    if (booking === undefined || performance.now() < booking.atMs) return answer(404, { status: 'unknown' });
    return answer(
      200,
      booking.isSold ? { status: 'sold', order_id: `o-${id}` } : { status: 'gone', message: 'sold out' },
    );
  });
  /** How long the target was asked, in all. */
  const polledForMs = () => (firstAndLastPoll[1] ?? 0) - (firstAndLastPoll[0] ?? 0);
  return { ...server, polls, polledForMs };
}

const queued = {
  outcome: {
    orderId: '$.order_id',
    settled: { success: { body: { '$.status': 'sold' } }, refusal: { body: { '$.status': 'gone' } } },
  },
};
const enqueue = {
  post: {
    url: '/bookings',
    json: { seat: '{{ $loopElement }}' },
    race: '{{ $loopElement }}',
    capture: { json: '$.id', as: 'id' },
  },
};
const settle = (more: object = {}) => ({
  get: { url: '/bookings/{{ id }}', race: { settles: '{{ $loopElement }}', everyMs: 50, ...more } },
});

describe('a request that decides the attempt before it', () => {
  it('is sent until its answer decides, and the raced answer keeps its status and its time', async ({ open }) => {
    const shop = await open(queueShop());
    const run = await runSuite(suiteFor(shop.url, { race: queued, flow: [eachSeat(enqueue, settle())] }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(run.verdict?.totals).toEqual({ requests: 30, ok: 3, fail: 27, info: 0 });
    expect(run.verdict?.statuses).toEqual({ 202: 30 });
    expect(run.verdict?.rounds.map(({ winners }) => winners.map(({ orderId }) => orderId))).toEqual([
      ['o-A1-1'],
      ['o-A2-1'],
      ['o-A3-1'],
    ]);
    const attempts = run.history?.attempts ?? [];
    expect(attempts.every(({ settledAfterMs = 0 }) => settledAfterMs > 100)).toBe(true);
    expect(run.verdict?.responseTimeMs.max).toBeLessThan(Math.max(...attempts.map((one) => one.settledAfterMs ?? 0)));
    expect(Math.max(...shop.polls.values())).toBeLessThanOrEqual(10);
  });

  it('catches a queue that sells twice', async ({ open }) => {
    const shop = await open(queueShop({ sells: 2 }));
    const run = await runSuite(suiteFor(shop.url, { race: queued, flow: [eachSeat(enqueue, settle())] }));
    expect([run.code, findingsOf(run)]).toEqual([3, ['double-booking']]);
  });

  it('costs a queue of 2 s at most one request of each of 100 contenders per everyMs', async ({ open }) => {
    const shop = await open(queueShop({ decidesAfterMs: 2000 }));
    const flow = [eachSeat(enqueue, settle({ everyMs: 200, withinMs: 60_000 }))];
    const run = await runSuite(suiteFor(shop.url, { vus: 100, race: { ...queued, inventories: ['A1'] }, flow }));
    expect([run.code, findingsOf(run), shop.polls.size]).toEqual([0, [], 100]);
    expect(Math.max(...shop.polls.values())).toBeLessThanOrEqual(shop.polledForMs() / 200 + 1);
    expect(Math.min(...shop.polls.values())).toBeGreaterThan(1);
  });

  it('stops asking at withinMs, however many ask', async ({ open }) => {
    const shop = await open(queueShop({ decidesAfterMs: 600_000 }));
    const flow = [eachSeat(enqueue, settle({ everyMs: 100, withinMs: 500 }))];
    const run = await runSuite(suiteFor(shop.url, { vus: 100, race: { ...queued, inventories: ['A1'] }, flow }));
    expect([run.code, findingsOf(run), shop.polls.size]).toEqual([4, ['undecided'], 100]);
    expect(Math.max(...shop.polls.values())).toBeLessThanOrEqual(5);
  });

  it('leaves the attempt undecided where no answer decides in time', async ({ open }) => {
    const shop = await open(queueShop({ decidesAfterMs: 60_000 }));
    const flow = [eachSeat(enqueue, settle({ everyMs: 40, withinMs: 200 }))];
    const run = await runSuite(suiteFor(shop.url, { race: { ...queued, inventories: ['A1'] }, flow }));
    expect([run.code, findingsOf(run)]).toEqual([4, ['undecided']]);
    expect(Math.max(...shop.polls.values())).toBeLessThanOrEqual(5);
  });
});

describe('a request that is judged by nothing', () => {
  it('is there, and counts nowhere', async ({ target }) => {
    const { url } = await target();
    const flow = [
      eachSeat(
        {
          post: {
            url: '/book',
            json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}' },
            race: '{{ $loopElement }}',
            ifTrue: '$vu > 3',
          },
        },
        {
          get: {
            url: '/seats/{{ $loopElement }}',
            race: { inventory: '{{ $loopElement }}', operation: 'look', judge: false },
            ifTrue: '$vu < 4',
          },
        },
      ),
    ];
    const run = await runSuite(suiteFor(url, { flow }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(run.verdict?.totals).toEqual({ requests: 21, ok: 3, fail: 18, info: 0 });
    expect(run.verdict?.statuses).not.toHaveProperty('200');
    expect(run.history?.unjudged).toHaveLength(9);
  });
});

describe('contenders who each go for anything', () => {
  const ITEMS = Array.from({ length: 20 }, (_, index) => `item-${index + 1}`);
  /** Buyer 1 goes for item 1, buyer 2 for item 2, …, and then it begins again. */
  const dash = (vus: number, more: object = {}) => ({
    vus,
    race: { inventories: ITEMS, contenders: { each: 'any' }, ...more },
    flow: [{ post: { url: '/book', json: { seat: '{{ item }}' }, race: '{{ item }}' } }],
    scenario: { beforeScenario: 'chooseItem' },
    config: { processor: path.join(import.meta.dirname, '../support/choose-item.mjs') },
  });

  it('are released once, and every item is judged', async ({ target }) => {
    const { url } = await target();
    const run = await runSuite(suiteFor(url, dash(500)));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(run.verdict?.rounds.map(({ requests, ok }) => [requests, ok])).toEqual(ITEMS.map(() => [25, 1]));
    expect(run.verdict?.expected).toMatchObject({ requests: 500, ok: 20 });
  });

  it('find the item that is sold twice', async ({ target }) => {
    const { url } = await target(({ seat, turn, answer, store }) => {
      if (turn === 1 || (seat === 'item-7' && turn === 2)) answer(201, { order_id: store() });
      else answer(409, { message: 'sold out' });
    });
    const run = await runSuite(suiteFor(url, dash(60)));
    expect(run.verdict?.findings.map(({ id, inventory }) => [id, inventory])).toEqual([['double-booking', 'item-7']]);
  });
});
