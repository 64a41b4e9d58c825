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
import { createServer, type ServerOptions } from '../../reference-api/server.ts';
import type { Seat } from '../../reference-api/stores/store.ts';
import type { Work } from '../../reference-api/strategy.ts';

const [SEAT_1 = '', SEAT_2 = '', SEAT_3 = ''] = DEMO_SEATS;
const NO_WORK: Work = async () => {};

let origin: string;
let close: () => Promise<void> = async () => {};

async function start(options: ServerOptions = {}): Promise<void> {
  await close();
  const app = await createServer({ work: NO_WORK, ...options });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
  close = () => app.close();
}

beforeEach(() => start());
afterEach(() => close());

const order = (...seatIds: string[]) => ({
  event_id: DEMO_EVENT_ID,
  session_id: DEMO_SESSION_ID,
  seat_ids: seatIds,
  organization_id: DEMO_ORGANIZATION_ID,
  discount_id: null as string | null,
});

function post(body: unknown, authorization: string | null = `Bearer ${DEMO_TOKEN}`): Promise<Response> {
  return fetch(`${origin}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const readSeat = async (seatId: string) => (await (await fetch(`${origin}/orders/seats/${seatId}`)).json()) as Seat;

/** Work that nobody gets through before `count` of them have begun it. */
function meeting(count: number): Work {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  return () => {
    begun += 1;
    if (begun === count) resolve();
    return promise;
  };
}

describe('POST /orders', () => {
  it('books a free seat with 201 and an order id', async () => {
    const response = await post(order(SEAT_1));
    expect(response.status).toBe(201);
    const { order_id } = (await response.json()) as { order_id: string };
    expect(order_id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(await readSeat(SEAT_1)).toEqual({ seat_id: SEAT_1, status: 'booked', order_ids: [order_id] });
  });

  it.each(Object.entries({ unique, none }))(
    'refuses a seat that is taken with 400 under the lock %s',
    async (_, lock) => {
      await start({ lock });
      await post(order(SEAT_1));
      const response = await post(order(SEAT_1));
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ message: 'Seat validation failed' });
    },
  );

  it.each(Object.entries({ unique, none }))(
    'books all seats of an order or none under the lock %s',
    async (_, lock) => {
      await start({ lock });
      await post(order(SEAT_2));
      expect((await post(order(SEAT_1, SEAT_2))).status).toBe(400);
      expect((await readSeat(SEAT_1)).status).toBe('available');
      expect((await post(order(SEAT_1, SEAT_3))).status).toBe(201);
      expect((await readSeat(SEAT_3)).order_ids).toEqual((await readSeat(SEAT_1)).order_ids);
    },
  );

  it.each([null, 'Bearer wrong', 'Basic demo-token', DEMO_TOKEN])(
    'answers 401 and books nothing when the authorization is %j',
    async (authorization) => {
      const response = await post(order(SEAT_1), authorization);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: expect.any(String) });
      expect((await readSeat(SEAT_1)).status).toBe('available');
    },
  );

  it('answers 404 for a seat that does not exist', async () => {
    const response = await post(order(SEAT_1, 'no-such-seat'));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Unknown seat no-such-seat' });
    expect((await readSeat(SEAT_1)).status).toBe('available');
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

  it('is indifferent to a missing discount', async () => {
    const { discount_id: _, ...withoutDiscount } = order(SEAT_1);
    expect((await post(withoutDiscount)).status).toBe(201);
    expect((await post({ ...order(SEAT_2), discount_id: 'early-bird' })).status).toBe(201);
  });
});

describe('fifty orders for one seat, all of them at work at the same moment', () => {
  const race = async (lock: Lock) => {
    await start({ lock, work: meeting(50) });
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(order(SEAT_1))));
    return {
      statuses: responses.map(({ status }) => status),
      orderIds: (await readSeat(SEAT_1)).order_ids,
    };
  };

  it('sell it once under the lock unique', async () => {
    const { statuses, orderIds } = await race(unique);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(49);
    expect(orderIds).toHaveLength(1);
  });

  it('sell it to everyone under the lock none', async () => {
    const { statuses, orderIds } = await race(none);
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 201));
    expect(new Set(orderIds).size).toBe(50);
  });
});

describe('the seats', () => {
  it('are all available at first, in the order given', async () => {
    const { seats } = (await (await fetch(`${origin}/orders/seats`)).json()) as { seats: Seat[] };
    expect(seats).toEqual(DEMO_SEATS.map((seat_id) => ({ seat_id, status: 'available', order_ids: [] })));
  });

  it('answer 404 when unknown', async () => {
    const response = await fetch(`${origin}/orders/seats/nowhere`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Unknown seat nowhere' });
  });

  it('are available again after DELETE /orders', async () => {
    await post(order(SEAT_1, SEAT_2));
    expect((await fetch(`${origin}/orders`, { method: 'DELETE' })).status).toBe(204);
    expect((await readSeat(SEAT_1)).status).toBe('available');
    expect((await post(order(SEAT_1))).status).toBe(201);
  });

  it('may be others, and a hundred of them', async () => {
    await start({ seats: demoSeats(100) });
    const { seats } = (await (await fetch(`${origin}/orders/seats`)).json()) as { seats: Seat[] };
    expect(seats.map(({ seat_id }) => seat_id)).toEqual(demoSeats(100));
  });
});

describe('demoSeats', () => {
  it('gives distinct UUIDs, the same each time, the fixed ones first', () => {
    const seats = demoSeats(100);
    expect(new Set(seats).size).toBe(100);
    expect(seats).toEqual(demoSeats(100));
    expect(seats.slice(0, 16)).toEqual(DEMO_SEATS);
    for (const seat of seats)
      expect(seat).toMatch(/^[\da-f]{8}-[\da-f]{4}-[48][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to give %d of them', (count) => {
    expect(() => demoSeats(count)).toThrow(RangeError);
  });
});

it('GET /health answers ok', async () => {
  const response = await fetch(`${origin}/health`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

it('an unknown route answers 404 with a message', async () => {
  const response = await fetch(`${origin}/order`);
  expect([response.status, await response.json()]).toEqual([404, { message: 'No such route: GET /order' }]);
});
