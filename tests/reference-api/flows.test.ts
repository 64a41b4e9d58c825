import { describe, expect, it } from 'vitest';
import { DEMO_SEATS } from '../../reference-api/demo.ts';
import { FLOWS } from '../../reference-api/flows/index.ts';
import { type Answer, type Api, countStatus, crowd, noWork, workTogether } from './api.ts';
import { CROWD, closingAfterEach, perUserLimitTests, quotaTests } from './flow-tests.ts';

// Those of the flows in PostgreSQL are in locks.test.ts, which has a server.

const [SEAT_1 = '', SEAT_2 = '', SEAT_3 = ''] = DEMO_SEATS;
const start = closingAfterEach();

describe('every flow', () => {
  const stores = Object.entries(FLOWS).flatMap(([flow, byStore]) =>
    Object.entries(byStore).map(([store, locks]) => ({ flow, store, locks: Object.values(locks) })),
  );
  it.each(stores)('$flow in $store has a right lock as the default, and a wrong one', ({ locks }) => {
    expect(locks[0]?.expected).toEqual({ verdict: 'pass' });
    expect(locks.some(({ expected }) => expected.verdict === 'fail')).toBe(true);
    for (const { source, summary } of locks) expect([URL.canParse(source), summary.length > 10]).toEqual([true, true]);
  });

  it.each(Object.keys(FLOWS))('%s answers 401 without a token', async (flow) => {
    const api = await start(flow);
    const path = flow === 'hold-confirm' ? '/orders/holds' : '/orders';
    const { status } = await fetch(api.origin + path, { method: 'POST', body: '{}' });
    expect(status).toBe(401);
  });
});

describe('quota', () => quotaTests('sqlite'));
describe('per-user-limit', () => perUserLimitTests('sqlite', 'check-before-lock'));

describe('coupon', () => {
  const order = (api: Api) => api.send('POST', '', { discount_id: 'FRIENDS' });
  const discounts = (answers: readonly Answer[]) => answers.filter(({ body }) => body.discount_applied === true).length;

  it('gives as many discounts as the coupon has uses, and accepts all orders', async () => {
    const api = await start('coupon');
    const answers = await crowd(CROWD, () => order(api));
    expect([countStatus(answers, 201), discounts(answers)]).toEqual([CROWD, 3]);
    expect((await api.send('GET', '/coupons/FRIENDS')).body).toMatchObject({ max_uses: 3, uses: 3 });
  });

  it('check-then-count gives everybody a discount', async () => {
    const api = await start('coupon', 'check-then-count', workTogether(CROWD));
    expect(discounts(await crowd(CROWD, () => order(api)))).toBe(CROWD);
  });
});

describe('double-submit', () => {
  const submit = (api: Api, key: string, quantity = 1) =>
    api.send('POST', '', { cart_id: 'cart', quantity }, { 'idempotency-key': key });
  const orders = (answers: readonly Answer[]) => new Set(answers.flatMap(({ body }) => body.order_id ?? [])).size;

  it('places one order per key, and refuses a different request under a used key', async () => {
    const api = await start('double-submit');
    const answers = await crowd(CROWD, (number) => submit(api, number % 2 === 0 ? 'a' : 'b'));
    expect([countStatus(answers, 201), orders(answers)]).toEqual([CROWD, 2]);
    expect((await submit(api, 'a', 2)).status).toBe(422);
    expect((await api.send('GET', '/carts/cart')).body).toMatchObject({ orders: 2 });
  });

  it('look-up-first places an order for every request', async () => {
    const api = await start('double-submit', 'look-up-first', workTogether(CROWD));
    expect(orders(await crowd(CROWD, () => submit(api, 'a')))).toBe(CROWD);
  });

  it('body-ignored answers a different request with the first order', async () => {
    const api = await start('double-submit', 'body-ignored');
    expect(orders([await submit(api, 'a', 1), await submit(api, 'a', 2)])).toBe(1);
  });
});

const ordersOf = async (api: Api, seatId: string) => (await api.readSeat(seatId)).order_ids;

describe('overlapping-orders', () => {
  it.each([
    { lock: 'seat-by-seat', seats: 1, claim: 'leaves a seat of a refused order booked' },
    { lock: 'unique', seats: 0, claim: 'leaves no seat of a refused order booked' },
  ])('$lock $claim', async ({ lock, seats }) => {
    const api = await start('overlapping-orders', lock);
    await api.book(SEAT_2);
    expect((await api.book(SEAT_1, SEAT_2)).status).toBe(400);
    expect(await ordersOf(api, SEAT_1)).toHaveLength(seats);
  });
});

describe('cancel-rebook', () => {
  it('lets a cancelled seat be booked again, and an order be cancelled only once', async () => {
    const api = await start('cancel-rebook');
    const { body } = await api.book(SEAT_1);
    expect((await api.send('DELETE', `/${body.order_id}`)).status).toBe(204);
    expect((await api.send('DELETE', `/${body.order_id}`)).status).toBe(404);
    const next = await api.book(SEAT_1);
    expect(await ordersOf(api, SEAT_1)).toEqual([next.body.order_id]);
  });

  it('by-seat may delete the booking of somebody who came in between', async () => {
    const api = await start('cancel-rebook', 'by-seat', noWork);
    const { body } = await api.book(SEAT_1);
    const [cancelled, booked] = await Promise.all([api.send('DELETE', `/${body.order_id}`), api.book(SEAT_1)]);
    expect([cancelled.status, booked.status]).toEqual([204, 201]);
    // Chance decides which of the two came later, so the booking is there or not.
    expect((await ordersOf(api, SEAT_1)).length).toBeLessThanOrEqual(1);
  });
});

describe('hold-confirm', () => {
  const hold = (api: Api) => api.send('POST', '/holds', { seat_id: SEAT_3 });
  const confirm = (api: Api, { body }: Answer) => api.send('POST', `/holds/${body.hold_id}/confirmation`);

  it('keeps others away from a held seat, and sells it to the holder', async () => {
    const api = await start('hold-confirm');
    const answers = await crowd(CROWD, () => hold(api));
    expect([countStatus(answers, 201), countStatus(answers, 409)]).toEqual([1, CROWD - 1]);
    const [holder] = answers.filter(({ status }) => status === 201);
    if (holder === undefined) throw new Error('nobody holds the seat');
    expect(await ordersOf(api, SEAT_3)).toEqual([]);
    const { status, body } = await confirm(api, holder);
    expect([status, await ordersOf(api, SEAT_3)]).toEqual([201, [body.order_id]]);
    expect((await hold(api)).status).toBe(409);
    expect((await confirm(api, holder)).status).toBe(410);
  });
});
