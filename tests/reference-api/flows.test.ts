import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startServers } from '../../proving-ground/servers/index.ts';
import { DEMO_SEATS, DEMO_TOKEN } from '../../reference-api/demo.ts';
import { FLOWS } from '../../reference-api/flows/index.ts';
import { createServer } from '../../reference-api/server.ts';
import type { StoreName } from '../../reference-api/stores/index.ts';
import type { Work } from '../../reference-api/strategy.ts';

const [SEAT_1 = '', SEAT_2 = '', SEAT_3 = ''] = DEMO_SEATS;
/** Fewer than PostgreSQL gives connections: the wrong ways hold one each while they wait for the others. */
const CROWD = 8;

const servers = await startServers(new Set(['postgres']));
afterAll(() => servers.stop());
for (const [store, reason] of servers.missing) console.warn(`The flows in ${store} are not tested: ${reason}`);

/** Where a flow is to be had. In CI no store may be missing: then its tests run, and fail. */
const storesOf = (flow: string) =>
  Object.keys(FLOWS[flow] ?? {}).filter((store): store is StoreName => {
    return process.env.CI !== undefined || !servers.missing.has(store as StoreName);
  });

let origin: string;
let close: () => Promise<void> = async () => {};
afterEach(() => close());

/** A flow by one of its strategies; without a name, by its default. */
async function start(flow: string, name?: string, work?: Work, store: StoreName = 'sqlite'): Promise<void> {
  const its = FLOWS[flow]?.[store] ?? {};
  const backend = its[name ?? Object.keys(its)[0] ?? ''];
  if (backend === undefined) throw new Error(`no ${name} in ${flow}, ${store}`);
  const app = await createServer({ backend, work: work ?? (async () => {}) });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
  close = () => app.close();
}

/** Work that nobody has done before so many have begun it: who only looked before it has looked too early. */
function together(number: number): Work {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  return () => {
    begun += 1;
    if (begun === number) resolve();
    return promise;
  };
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function send(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${origin}/orders${path}`, {
    method,
    headers: {
      authorization: `Bearer ${DEMO_TOKEN}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

const crowd = (one: (number: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: CROWD }, (_, number) => one(number)));
const count = (answers: readonly Answer[], status: number) => answers.filter((its) => its.status === status).length;

describe('every flow', () => {
  const offers = Object.entries(FLOWS).flatMap(([flow, stores]) =>
    Object.entries(stores).map(([store, its]) => ({ flow, store: store as StoreName, offers: Object.values(its) })),
  );
  it.each(offers)(
    '$flow in $store: its default is right, and one that is wrong stands beside it',
    ({ offers: its }) => {
      expect(its[0]?.expected).toEqual({ verdict: 'pass' });
      expect(its.some(({ expected }) => expected.verdict === 'fail')).toBe(true);
      for (const { source, summary } of its) expect([URL.canParse(source), summary.length > 10]).toEqual([true, true]);
    },
  );

  it.each(Object.keys(FLOWS))('%s: a stranger is turned away', async (flow) => {
    await start(flow);
    const path = flow === 'hold-confirm' ? '/orders/holds' : '/orders';
    const { status } = await fetch(origin + path, { method: 'POST', body: '{}' });
    expect(status).toBe(401);
  });
});

describe('quota', () => {
  const admit = (quantity: number) => send('POST', '', { pool_id: 'terrace', quantity });

  it.each(storesOf('quota'))(
    'sells what there is in %s, and the rest to whoever wants no more than that',
    async (store) => {
      await start('quota', undefined, undefined, store);
      expect(await admit(8)).toMatchObject({ status: 201, body: { quantity: 8 } });
      expect(await admit(3)).toMatchObject({ status: 409 });
      expect(await admit(2)).toMatchObject({ status: 201 });
      expect((await send('GET', '/pools/terrace')).body).toMatchObject({ capacity: 10, sold: 10 });
      expect((await send('POST', '', { pool_id: 'nowhere', quantity: 1 })).status).toBe(404);
      expect((await send('POST', '', { pool_id: 'terrace', quantity: 0 })).status).toBe(422);
    },
  );

  it.each(storesOf('quota'))('count-check in %s sells more than there is', async (store) => {
    await start('quota', 'count-check', together(CROWD), store);
    expect(count(await crowd(() => admit(4)), 201)).toBe(CROWD);
    expect((await send('GET', '/pools/terrace')).body).toMatchObject({ sold: 4 * CROWD });
  });
});

describe('coupon', () => {
  const order = () => send('POST', '', { discount_id: 'FRIENDS' });
  const discounts = (answers: readonly Answer[]) => answers.filter(({ body }) => body.discount_applied === true).length;

  it('gives as many discounts as there are uses, and takes all orders', async () => {
    await start('coupon');
    const answers = await crowd(order);
    expect([count(answers, 201), discounts(answers)]).toEqual([CROWD, 3]);
    expect((await send('GET', '/coupons/FRIENDS')).body).toMatchObject({ max_uses: 3, uses: 3 });
  });

  it('check-then-count gives one to everybody', async () => {
    await start('coupon', 'check-then-count', together(CROWD));
    expect(discounts(await crowd(order))).toBe(CROWD);
  });
});

describe('per-user limit', () => {
  const reserve = (seat: number) => send('POST', '', { customer_id: 'cleo', seat_id: `seat ${seat}` });

  it.each(storesOf('per-user-limit'))('gives a customer as many seats in %s as one may have', async (store) => {
    await start('per-user-limit', undefined, undefined, store);
    expect(count(await crowd(reserve), 201)).toBe(2);
    expect((await send('GET', '/customers/cleo')).body).toMatchObject({ seat_limit: 2, seats: 2 });
  });

  it.each(storesOf('per-user-limit'))(
    'a limit that is checked before the lock gives every session one, in %s',
    async (store) => {
      await start('per-user-limit', store === 'postgres' ? 'seat-lock' : 'check-before-lock', together(CROWD), store);
      expect(count(await crowd(reserve), 201)).toBe(CROWD);
    },
  );
});

describe('double submit', () => {
  const submit = (key: string, quantity = 1) =>
    send('POST', '', { cart_id: 'cart', quantity }, { 'idempotency-key': key });
  const orders = (answers: readonly Answer[]) => new Set(answers.flatMap(({ body }) => body.order_id ?? [])).size;

  it('makes one order for each key, and refuses another request under a used one', async () => {
    await start('double-submit');
    const answers = await crowd((number) => submit(number % 2 === 0 ? 'a' : 'b'));
    expect([count(answers, 201), orders(answers)]).toEqual([CROWD, 2]);
    expect((await submit('a', 2)).status).toBe(422);
    expect((await send('GET', '/carts/cart')).body).toMatchObject({ orders: 2 });
  });

  it('look-up-first makes an order of each, body-ignored takes another request for the first', async () => {
    await start('double-submit', 'look-up-first', together(CROWD));
    expect(orders(await crowd(() => submit('a')))).toBe(CROWD);
    await close();
    await start('double-submit', 'body-ignored');
    expect(orders([await submit('a', 1), await submit('a', 2)])).toBe(1);
  });
});

const book = (...seatIds: string[]) =>
  send('POST', '', { event_id: 'e', session_id: 's', seat_ids: seatIds, organization_id: 'o' });
const ordersOf = async (seatId: string) => (await send('GET', `/seats/${seatId}`)).body.order_ids as string[];

describe('overlapping orders', () => {
  it('seat-by-seat leaves a seat of a refused order booked', async () => {
    await start('overlapping-orders', 'seat-by-seat');
    await book(SEAT_2);
    expect((await book(SEAT_1, SEAT_2)).status).toBe(400);
    expect(await ordersOf(SEAT_1)).toHaveLength(1);
  });

  it('the right one does not', async () => {
    await start('overlapping-orders');
    await book(SEAT_2);
    expect((await book(SEAT_1, SEAT_2)).status).toBe(400);
    expect(await ordersOf(SEAT_1)).toEqual([]);
  });
});

describe('cancel and rebook', () => {
  it('a cancelled seat can be booked again, and an order is cancelled once', async () => {
    await start('cancel-rebook');
    const { body } = await book(SEAT_1);
    expect((await send('DELETE', `/${body.order_id}`)).status).toBe(204);
    expect((await send('DELETE', `/${body.order_id}`)).status).toBe(404);
    const next = await book(SEAT_1);
    expect(await ordersOf(SEAT_1)).toEqual([next.body.order_id]);
  });

  it('by-seat deletes the booking of whoever came in between', async () => {
    await start('cancel-rebook', 'by-seat');
    const { body } = await book(SEAT_1);
    const [cancelled, booked] = await Promise.all([send('DELETE', `/${body.order_id}`), book(SEAT_1)]);
    expect([cancelled.status, booked.status]).toEqual([204, 201]);
    // Which of the two was later is for chance to say; the booking counted, or it did not.
    expect((await ordersOf(SEAT_1)).length).toBeLessThanOrEqual(1);
  });
});

describe('hold and confirm', () => {
  const hold = () => send('POST', '/holds', { seat_id: SEAT_3 });
  const confirm = ({ body }: Answer) => send('POST', `/holds/${body.hold_id}/confirmation`);

  it('keeps the others off, and sells the seat to its holder', async () => {
    await start('hold-confirm');
    const answers = await crowd(hold);
    expect([count(answers, 201), count(answers, 409)]).toEqual([1, CROWD - 1]);
    const [holder] = answers.filter(({ status }) => status === 201);
    if (holder === undefined) throw new Error('nobody holds it');
    expect(await ordersOf(SEAT_3)).toEqual([]);
    const { status, body } = await confirm(holder);
    expect([status, await ordersOf(SEAT_3)]).toEqual([201, [body.order_id]]);
    expect((await hold()).status).toBe(409);
    expect((await confirm(holder)).status).toBe(410);
  });
});
