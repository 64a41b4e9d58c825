import { describe, expect } from 'vitest';
import { HISTORY_VERSION } from '../../model/index.ts';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { RULE_SUITES } from '../support/rule-suites.ts';
import { newOrder, openShop, pause, type Shop } from '../support/shop.ts';

/** One suite for each rule, run against a right shop and against a shop that is wrong in one way. */

const taken = [409, { message: 'taken', won: 0 }] as const;

interface Suite {
  /** The plugin's block. */
  readonly race: object;
  readonly flow: readonly object[];
  readonly variables?: object;
  readonly shop: (isRight: boolean) => Shop;
  /** The doubt that a race against the right shop leaves; without one, it passes. */
  readonly doubt?: string;
  /** The wrong shop leads to at least one of these. */
  readonly findings: readonly string[];
}

const over = (step: object | readonly object[]) => [{ loop: [step].flat(), over: '$inventories' }];
const seatRace = (operation: string) => ({ inventory: '{{ $loopElement }}', operation });

const holdFirst = {
  post: {
    url: '/holds',
    json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}' },
    race: seatRace('hold'),
    capture: { json: '$.won', as: 'won', strict: false },
  },
};
const confirmIfHeld = {
  post: {
    url: '/confirmations',
    json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}' },
    ifTrue: 'won == 1',
    race: seatRace('confirm'),
  },
};
const holdIfNot = {
  post: {
    url: '/holds',
    json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}' },
    ifTrue: 'won == 0',
    race: seatRace('hold'),
  },
};

interface Hold {
  readonly vu: number;
  readonly untilMs: number;
}

/** @param isLive true while a hold still binds this virtual user: keeps the seat for it, or from it */
function holdingShop(leaseMs: number, isLive: (hold: Hold, vu: number) => boolean): Shop {
  const holds = new Map<string, Hold>();
  const sold = new Set<string>();
  return {
    'POST /holds'({ body }) {
      const [seat, vu] = [String(body.seat), Number(body.vu)];
      const hold = holds.get(seat);
      if (sold.has(seat) || (hold !== undefined && isLive(hold, vu))) return taken;
      holds.set(seat, { vu, untilMs: performance.now() + leaseMs });
      return [201, { hold_id: newOrder(), won: 1 }];
    },
    'POST /confirmations'({ body }) {
      const [seat, vu] = [String(body.seat), Number(body.vu)];
      const hold = holds.get(seat);
      if (hold?.vu !== vu || !isLive(hold, vu)) return [409, { message: 'your hold has ended' }];
      sold.add(seat);
      return [201, { order_id: newOrder() }];
    },
  };
}

const suites: Record<string, Suite> = {
  ...RULE_SUITES,

  quota: {
    race: {
      rule: 'quota',
      label: 'pool',
      inventories: [
        { key: 'floor', capacity: 7 },
        { key: 'balcony', capacity: 5 },
      ],
      readBack: { path: '/pools/{pool}', units: '$.sold' },
    },
    // Lists are sampled: each contender wants one to four.
    variables: { quantity: [1, 2, 3, 4] },
    flow: over({
      post: {
        url: '/orders',
        json: { pool: '{{ $loopElement }}', quantity: '{{ quantity }}' },
        race: { inventory: '{{ $loopElement }}', units: '{{ quantity }}' },
      },
    }),
    shop(isRight) {
      const left = new Map([
        ['floor', 7],
        ['balcony', 5],
      ]);
      const sold = new Map<string, number>();
      return {
        async 'POST /orders'({ body }) {
          const [pool, quantity] = [String(body.pool), Number(body.quantity)];
          if ((left.get(pool) ?? 0) < quantity) return taken;
          await pause(isRight);
          left.set(pool, (left.get(pool) ?? 0) - quantity);
          sold.set(pool, (sold.get(pool) ?? 0) + quantity);
          return [201, { order_id: newOrder() }];
        },
        'GET /pools': ({ name }) => [200, { sold: sold.get(name) ?? 0 }],
      };
    },
    findings: ['double-booking'],
  },

  coupon: {
    race: {
      rule: 'coupon',
      label: 'coupon',
      inventories: ['SAVE10', { key: 'SAVE20', capacity: 2 }],
      outcome: {
        success: { status: [201], body: { '$.discount': true } },
        refusal: [{ status: [201], body: { '$.discount': false } }, { status: [409] }],
      },
    },
    flow: over({ post: { url: '/orders', json: { coupon: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } }),
    shop(isRight) {
      const left = new Map([
        ['SAVE10', 1],
        ['SAVE20', 2],
      ]);
      return {
        async 'POST /orders'({ body }) {
          const coupon = String(body.coupon);
          const discount = (left.get(coupon) ?? 0) > 0;
          await pause(isRight);
          if (discount) left.set(coupon, (left.get(coupon) ?? 0) - 1);
          return [201, { order_id: newOrder(), discount }];
        },
      };
    },
    findings: ['coupon-overused'],
  },

  'per-user-limit': {
    race: {
      rule: 'per-user-limit',
      label: 'user',
      inventories: ['ann', { key: 'bob', capacity: 2 }],
      readBack: { path: '/users/{user}', units: '$.seats' },
    },
    flow: over({
      post: { url: '/orders', json: { user: '{{ $loopElement }}', seat: '{{ $vu }}' }, race: '{{ $loopElement }}' },
    }),
    shop(isRight) {
      const limits = new Map([
        ['ann', 1],
        ['bob', 2],
      ]);
      const held = new Map<string, number>();
      return {
        async 'POST /orders'({ body }) {
          const user = String(body.user);
          if ((held.get(user) ?? 0) >= (limits.get(user) ?? 0)) return [409, { message: 'limit reached' }];
          await pause(isRight);
          held.set(user, (held.get(user) ?? 0) + 1);
          return [201, { order_id: newOrder() }];
        },
        'GET /users': ({ name }) => [200, { seats: held.get(name) ?? 0 }],
      };
    },
    findings: ['limit-overrun'],
  },

  'overlapping-orders': {
    race: {
      rule: 'overlapping-orders',
      inventories: [{ key: 'row 1', parts: ['A1', 'A2', 'A3'] }],
      readBack: '/seats/{seat}',
    },
    variables: {
      pair: [
        ['A1', 'A2'],
        ['A2', 'A3'],
        ['A3', 'A1'],
        ['A2', 'A1'],
      ],
    },
    flow: over({
      post: {
        url: '/orders',
        json: { seats: '{{ pair }}' },
        race: { inventory: '{{ $loopElement }}', parts: '{{ pair }}' },
      },
    }),
    shop(isRight) {
      const owners = new Map<string, string>();
      return {
        async 'POST /orders'({ body }) {
          const order = newOrder();
          const seats = body.seats as string[];
          for (const seat of seats) {
            // The wrong one takes seat after seat, and keeps those that it has when one is gone.
            if (isRight ? seats.some((wanted) => owners.has(wanted)) : owners.has(seat)) return taken;
            if (isRight) for (const wanted of seats) owners.set(wanted, order);
            else owners.set(seat, order);
            if (isRight) break;
            await pause(isRight);
          }
          return [201, { order_id: order }];
        },
        'GET /seats'({ name }) {
          const order = owners.get(name);
          return [
            200,
            { status: order === undefined ? 'available' : 'booked', order_ids: order === undefined ? [] : [order] },
          ];
        },
      };
    },
    findings: ['half-filled'],
  },

  'double-submit': {
    race: { rule: 'double-submit', inventories: ['cart-1', 'cart-2'], readBack: '/carts/{cart}' },
    flow: over({
      post: {
        url: '/orders',
        headers: { 'Idempotency-Key': '{{ $loopElement }}' },
        json: { cart: '{{ $loopElement }}' },
        race: { inventory: '{{ $loopElement }}', idempotencyKey: '{{ $loopElement }}' },
      },
    }),
    shop(isRight) {
      const known = new Map<string, string>();
      const stored = new Map<string, string[]>();
      return {
        async 'POST /orders'({ body, headers }) {
          const key = String(headers['idempotency-key']);
          const cart = String(body.cart);
          const before = known.get(key);
          if (before !== undefined) return [200, { order_id: before }];
          await pause(isRight);
          const order = newOrder();
          known.set(key, order);
          stored.set(cart, [...(stored.get(cart) ?? []), order]);
          return [201, { order_id: order }];
        },
        'GET /carts'({ name }) {
          const orders = stored.get(name) ?? [];
          return [200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders }];
        },
      };
    },
    findings: ['duplicate-order'],
  },

  'cancel-rebook': {
    race: {
      rule: 'cancel-rebook',
      inventories: ['A1', 'A2'],
      outcome: { operations: { cancel: { success: { status: [204] } } } },
      readBack: '/seats/{seat}',
    },
    flow: over([
      {
        post: {
          url: '/bookings',
          json: { seat: '{{ $loopElement }}' },
          race: '{{ $loopElement }}',
          capture: { json: '$.won', as: 'won', strict: false },
        },
      },
      { delete: { url: '/bookings/{{ $loopElement }}', ifTrue: 'won == 1', race: seatRace('cancel') } },
      { post: { url: '/bookings', json: { seat: '{{ $loopElement }}' }, ifTrue: 'won == 0', race: seatRace('book') } },
    ]),
    shop(isRight) {
      const owners = new Map<string, string>();
      return {
        async 'POST /bookings'({ body }) {
          const seat = String(body.seat);
          if (owners.has(seat)) return taken;
          const order = newOrder();
          owners.set(seat, order);
          return [201, { order_id: order, won: 1 }];
        },
        // The wrong one frees the seat twice: a buyer who came in between loses it.
        async 'DELETE /bookings'({ name }) {
          owners.delete(name);
          await pause(isRight);
          if (!isRight) owners.delete(name);
          return [204, {}];
        },
        'GET /seats'({ name }) {
          const order = owners.get(name);
          return [
            200,
            { status: order === undefined ? 'available' : 'booked', order_ids: order === undefined ? [] : [order] },
          ];
        },
      };
    },
    findings: ['lost-booking', 'double-booking'],
  },

  'hold-confirm': {
    race: {
      rule: { name: 'hold-confirm', leaseMs: 1500, toleranceMs: 100 },
      inventories: ['A1', 'A2'],
      outcome: { operations: { hold: { orderId: '$.hold_id' } } },
    },
    flow: over([holdFirst, confirmIfHeld, holdIfNot]),
    // Nobody confirms after the end of a hold here; the next suite does.
    doubt: 'window-not-tried',
    // The wrong one gives a held seat to every tenth.
    shop: (isRight) => holdingShop(1500, (hold, vu) => hold.untilMs > performance.now() && (isRight || vu % 10 !== 0)),
    findings: ['hold-broken'],
  },

  'hold-confirm, after the end of the hold': {
    race: {
      rule: { name: 'hold-confirm', leaseMs: 500, toleranceMs: 100 },
      inventories: ['A1', 'A2'],
      outcome: { operations: { hold: { orderId: '$.hold_id' } } },
    },
    flow: over([holdFirst, { think: 1 }, confirmIfHeld, holdIfNot]),
    // The wrong one forgets that holds end.
    shop: (isRight) => holdingShop(500, (hold) => !isRight || hold.untilMs > performance.now()),
    findings: ['late-confirm'],
  },
};

const scriptOf = (url: string, { race, flow, variables = {} }: Suite) => ({
  config: { target: url, variables, phases: [{ duration: 1, arrivalCount: 10 }], plugins: { race } },
  scenarios: [{ flow }],
});

describe.concurrent.for(Object.entries(suites))('a suite under the rule %s', ([rule, suite]) => {
  it(`does not accuse a right shop, and ${suite.doubt ? `has the doubt ${suite.doubt}` : 'passes it'}`, async ({
    open,
  }) => {
    const shop = await open(openShop(suite.shop(true)));
    const run = await runSuite(scriptOf(shop.url, suite));
    expect(findingsOf(run), run.stdout + run.stderr).toEqual(suite.doubt === undefined ? [] : [suite.doubt]);
    const [code, verdict] = suite.doubt === undefined ? [0, 'pass'] : [4, 'inconclusive'];
    expect(run).toMatchObject({ code, verdict: { verdict, rule: { name: rule.split(',')[0] } } });
    expect(run.history?.run.version).toBe(HISTORY_VERSION);
  });

  it('catches a wrong shop, with witnesses', async ({ open }) => {
    const shop = await open(openShop(suite.shop(false)));
    const run = await runSuite(scriptOf(shop.url, suite));
    expect(run.code, run.stdout + run.stderr).toBe(3);
    const found = run.verdict?.findings.filter(({ id }) => suite.findings.includes(id)) ?? [];
    expect(found.length, JSON.stringify(run.verdict?.findings)).toBeGreaterThan(0);
    for (const { witness } of found) expect(witness.length).toBeGreaterThan(0);
  });
});
