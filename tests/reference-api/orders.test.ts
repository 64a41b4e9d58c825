import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DEMO_EVENT_ID,
  DEMO_ORGANIZATION_ID,
  DEMO_SEATS,
  DEMO_SESSION_ID,
  DEMO_TOKEN,
  demoSeats,
} from '../../reference-api/demo.ts';
import type { Lock } from '../../reference-api/locks/lock.ts';
import { none } from '../../reference-api/locks/sqlite/none.ts';
import { unique } from '../../reference-api/locks/sqlite/unique.ts';
import { type Api, countStatus, crowd, noWork, startApi, workTogether } from './api.ts';

const [SEAT_1 = '', SEAT_2 = '', SEAT_3 = ''] = DEMO_SEATS;
const CROWD = 50;

let api: Api;
beforeEach(async () => {
  api = await startApi({ work: noWork });
});
afterEach(() => api.close());

const order = (...seatIds: string[]) => ({
  event_id: DEMO_EVENT_ID,
  session_id: DEMO_SESSION_ID,
  seat_ids: seatIds,
  organization_id: DEMO_ORGANIZATION_ID,
  discount_id: null as string | null,
});

/** Posts any body, with any `Authorization` header or none. */
function post(body: unknown, authorization: string | null = `Bearer ${DEMO_TOKEN}`): Promise<Response> {
  return fetch(`${api.origin}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Replaces the API that each test starts with. */
async function restart(options: Parameters<typeof startApi>[0]): Promise<void> {
  await api.close();
  api = await startApi({ work: noWork, ...options });
}

describe('POST /orders', () => {
  it('books a free seat with 201 and an order id', async () => {
    const response = await post(order(SEAT_1));
    expect(response.status).toBe(201);
    const { order_id } = (await response.json()) as { order_id: string };
    expect(order_id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(await api.readSeat(SEAT_1)).toEqual({ seat_id: SEAT_1, status: 'booked', order_ids: [order_id] });
  });

  it.each(Object.entries({ unique, none }))('answers 400 for a taken seat under the lock %s', async (_, lock) => {
    await restart({ lock });
    await post(order(SEAT_1));
    const response = await post(order(SEAT_1));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'Seat validation failed' });
  });

  it.each(Object.entries({ unique, none }))(
    'books all seats of an order or none under the lock %s',
    async (_, lock) => {
      await restart({ lock });
      await post(order(SEAT_2));
      expect((await post(order(SEAT_1, SEAT_2))).status).toBe(400);
      expect((await api.readSeat(SEAT_1)).status).toBe('available');
      expect((await post(order(SEAT_1, SEAT_3))).status).toBe(201);
      expect((await api.readSeat(SEAT_3)).order_ids).toEqual((await api.readSeat(SEAT_1)).order_ids);
    },
  );

  it.each([null, 'Bearer wrong', 'Basic demo-token', DEMO_TOKEN])(
    'answers 401 and books nothing with the authorization %j',
    async (authorization) => {
      const response = await post(order(SEAT_1), authorization);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: expect.any(String) });
      expect((await api.readSeat(SEAT_1)).status).toBe('available');
    },
  );

  it('answers 404 for an unknown seat', async () => {
    const response = await post(order(SEAT_1, 'no-such-seat'));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Unknown seat no-such-seat' });
    expect((await api.readSeat(SEAT_1)).status).toBe('available');
  });

  const { event_id: _, ...withoutEvent } = order(SEAT_1);
  it.each([
    ['no JSON', '{'],
    ['empty', ''],
    ['an array', []],
    ['without an event', withoutEvent],
    ['without seats', order()],
    ['naming a seat twice', order(SEAT_1, SEAT_1)],
    ['naming a seat by a number', { ...order(SEAT_1), seat_ids: [1] }],
    ['with one seat where a list belongs', { ...order(SEAT_1), seat_ids: SEAT_1 }],
  ])('answers 422 with a message when the body is %s', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({ message: expect.stringMatching(/.+/) });
  });

  it('accepts an order with or without a discount', async () => {
    const { discount_id: _, ...withoutDiscount } = order(SEAT_1);
    expect((await post(withoutDiscount)).status).toBe(201);
    expect((await post({ ...order(SEAT_2), discount_id: 'early-bird' })).status).toBe(201);
  });
});

describe('fifty orders for one seat, all at work at the same moment', () => {
  const race = async (lock: Lock) => {
    await restart({ lock, work: workTogether(CROWD) });
    const answers = await crowd(CROWD, () => api.book(SEAT_1));
    return { answers, orderIds: (await api.readSeat(SEAT_1)).order_ids };
  };

  it('sell it once under the lock unique', async () => {
    const { answers, orderIds } = await race(unique);
    expect([countStatus(answers, 201), countStatus(answers, 400)]).toEqual([1, CROWD - 1]);
    expect(orderIds).toHaveLength(1);
  });

  it('sell it to everybody under the lock none', async () => {
    const { answers, orderIds } = await race(none);
    expect(countStatus(answers, 201)).toBe(CROWD);
    expect(new Set(orderIds).size).toBe(CROWD);
  });
});

describe('the seats', () => {
  it('are all available at first, in the given order', async () => {
    expect(await api.readSeats()).toEqual(
      DEMO_SEATS.map((seat_id) => ({ seat_id, status: 'available', order_ids: [] })),
    );
  });

  it('answer 404 for an unknown seat', async () => {
    expect(await api.send('GET', '/seats/nowhere')).toEqual({ status: 404, body: { message: 'Unknown seat nowhere' } });
  });

  it('are available again after DELETE /orders', async () => {
    await api.book(SEAT_1, SEAT_2);
    expect((await api.send('DELETE', '')).status).toBe(204);
    expect((await api.readSeat(SEAT_1)).status).toBe('available');
    expect((await api.book(SEAT_1)).status).toBe(201);
  });

  it('can be a hundred others', async () => {
    await restart({ seats: demoSeats(100) });
    expect((await api.readSeats()).map(({ seat_id }) => seat_id)).toEqual(demoSeats(100));
  });
});

describe('demoSeats', () => {
  it('returns distinct UUIDs, the same every time, the fixed ones first', () => {
    const seats = demoSeats(100);
    expect(new Set(seats).size).toBe(100);
    expect(seats).toEqual(demoSeats(100));
    expect(seats.slice(0, 16)).toEqual(DEMO_SEATS);
    for (const seat of seats)
      expect(seat).toMatch(/^[\da-f]{8}-[\da-f]{4}-[48][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to return %d seats', (count) => {
    expect(() => demoSeats(count)).toThrow(RangeError);
  });
});

it('GET /health answers ok', async () => {
  const response = await fetch(`${api.origin}/health`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

it('an unknown route answers 404 with a message', async () => {
  const response = await fetch(`${api.origin}/order`);
  expect([response.status, await response.json()]).toEqual([404, { message: 'No such route: GET /order' }]);
});
