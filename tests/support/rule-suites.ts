import { newOrder, pause, type Shop } from './shop.ts';

/** Suites for the rules by which a server chooses, hands out, pays out or decides; each with a right and a wrong shop. */

const taken = [409, { message: 'taken' }] as const;
const over = (...steps: readonly object[]) => [{ loop: steps, over: '$inventories' }];

/** One stretch is sampled for each contender; all but the last overlap with another one. */
const STRETCHES = [
  { from: '2026-01-31T09:00+01:00', to: '2026-01-31T11:00+01:00' },
  { from: '2026-01-31T09:30Z', to: '2026-01-31T10:30Z' },
  { from: '2026-01-31T08:30:00Z', to: '2026-01-31T10:00:00Z' },
  { from: '2026-01-31T10:30:00.000Z', to: '2026-01-31T11:00Z' },
];

const allocation = {
  race: {
    rule: 'allocation',
    label: 'block',
    inventories: [
      { key: 'stalls', capacity: 4 },
      { key: 'circle', parts: ['c1', 'c2', 'c3'] },
    ],
    outcome: { granted: '$.seats[*].id' },
  },
  flow: over({ post: { url: '/best', json: { block: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } }),
  shop(isRight: boolean): Shop {
    const free = new Map([
      ['stalls', ['s1', 's2', 's3', 's4']],
      ['circle', ['c1', 'c2', 'c3']],
    ]);
    return {
      async 'POST /best'({ body }) {
        const block = String(body.block);
        const [seat] = free.get(block) ?? [];
        if (seat === undefined) return taken;
        await pause(isRight);
        free.set(block, free.get(block)?.filter((other) => other !== seat) ?? []);
        return [201, { order_id: newOrder(), seats: [{ id: seat }] }];
      },
    };
  },
  findings: ['double-booking'],
};

const intervals = {
  race: {
    rule: 'intervals',
    label: 'room',
    inventories: ['room-7'],
    readBack: { path: '/rooms/{room}', units: '$.bookings' },
  },
  variables: { stretch: STRETCHES },
  flow: over({
    post: {
      url: '/bookings',
      json: { from: '{{ stretch.from }}', to: '{{ stretch.to }}' },
      race: { inventory: '{{ $loopElement }}', from: '{{ stretch.from }}', to: '{{ stretch.to }}' },
    },
  }),
  shop(isRight: boolean): Shop {
    const bookings: { readonly from: number; readonly to: number; readonly order_id: string }[] = [];
    return {
      async 'POST /bookings'({ body }) {
        const [from, to] = [Date.parse(String(body.from)), Date.parse(String(body.to))];
        if (bookings.some((other) => from < other.to && other.from < to)) return taken;
        await pause(isRight);
        const order = { from, to, order_id: newOrder() };
        bookings.push(order);
        return [201, order];
      },
      'GET /rooms': () => [200, { bookings, order_ids: bookings.map(({ order_id }) => order_id) }],
    };
  },
  findings: ['double-booking'],
};

const state = {
  race: {
    rule: 'state',
    label: 'payment',
    inventories: ['order-1', 'order-2'],
    readBack: { path: '/payments/{order}', units: '$.payments' },
  },
  flow: over({ post: { url: '/webhooks', json: { order: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } }),
  shop(isRight: boolean): Shop {
    const payments = new Map<string, string[]>();
    return {
      async 'POST /webhooks'({ body }) {
        const order = String(body.order);
        const isKnown = payments.has(order);
        await pause(isRight);
        if (!isKnown) payments.set(order, [...(payments.get(order) ?? []), newOrder()]);
        return [200, { received: true }];
      },
      'GET /payments': ({ name }) => [200, { payments: payments.get(name) ?? [] }],
    };
  },
  findings: ['double-booking'],
};

const balance = {
  race: {
    rule: 'balance',
    label: 'wallet',
    inventories: [{ key: 'ann', capacity: '30.30' }],
    readBack: { get: '/wallets/{key}', remaining: '$.left' },
  },
  variables: { amount: ['10.10', '10.15', '10.05'] },
  flow: over({
    post: {
      url: '/withdrawals',
      json: { amount: '{{ amount }}' },
      race: { inventory: '{{ $loopElement }}', units: '{{ amount }}' },
    },
  }),
  shop(isRight: boolean): Shop {
    let cents = 3030;
    return {
      async 'POST /withdrawals'({ body }) {
        const wanted = Math.round(Number(body.amount) * 100);
        if (wanted > cents) return [400, { message: 'insufficient funds' }];
        const left = cents - wanted;
        await pause(isRight);
        cents = left;
        return [201, { order_id: newOrder() }];
      },
      'GET /wallets': () => [200, { left: (cents / 100).toFixed(2) }],
    };
  },
  findings: ['double-booking'],
};

const unique = {
  race: {
    rule: { name: 'unique', gapless: true },
    label: 'series',
    inventories: ['2026'],
    outcome: { granted: '$.number' },
  },
  flow: over({ post: { url: '/invoices', json: {}, race: '{{ $loopElement }}' } }),
  shop(isRight: boolean): Shop {
    let last = 41;
    return {
      async 'POST /invoices'() {
        const number = last + 1;
        await pause(isRight);
        last = number;
        return [201, { order_id: newOrder(), number }];
      },
    };
  },
  findings: ['not-unique'],
};

const decide = (operation: string, ifTrue: string) => ({
  post: {
    url: `/${operation}/{{ $loopElement }}`,
    json: {},
    ifTrue,
    race: { inventory: '{{ $loopElement }}', operation },
  },
});

const exclusive = {
  race: {
    rule: { name: 'exclusive', operations: ['pay', 'cancel'] },
    label: 'order',
    inventories: ['order-1', 'order-2'],
    outcome: { operations: { cancel: { success: { status: [204] } } } },
    readBack: {
      get: '/orders/{key}',
      holds: { pay: { body: { '$.state': 'paid' } }, cancel: { body: { '$.state': 'cancelled' } } },
    },
  },
  flow: over(decide('pay', '$vu % 2 == 0'), decide('cancel', '$vu % 2 == 1')),
  shop(isRight: boolean): Shop {
    const states = new Map<string, string>();
    const change =
      (status: number, to: string) =>
      async ({ name }: { readonly name: string }) => {
        if (states.has(name)) return taken;
        await pause(isRight);
        states.set(name, to);
        return [status, { order_id: name }] as const;
      };
    return {
      'POST /pay': change(201, 'paid'),
      'POST /cancel': change(204, 'cancelled'),
      'GET /orders': ({ name }) => [200, { state: states.get(name) ?? 'open' }],
    };
  },
  findings: ['exclusive-broken'],
};

export const RULE_SUITES = { allocation, intervals, state, balance, unique, exclusive };
