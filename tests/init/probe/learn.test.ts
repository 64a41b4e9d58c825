import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../plugin/src/init/probe/evidence.ts';
import { learn } from '../../../plugin/src/init/probe/learn.ts';
import { printable } from '../../../reports/index.ts';
import { reply } from '../../recording/replies.ts';

type Answer = readonly [status: number, body?: unknown, headers?: object];

const evidence = (first: Answer, second: Answer, more: Partial<Evidence> = {}): Evidence => ({
  seat: 'C-14',
  sent: ['anna', 'bert'],
  first: { reply: reply(...first), user: 'anna' },
  second: { reply: reply(...second), user: 'bert' },
  ...more,
});

const taught = (first: Answer, second: Answer, more?: Partial<Evidence>) =>
  learn(evidence(first, second, more), printable);

const html = (body: string) => `<!doctype html><html><head><title>Shop</title></head><body>${body}</body></html>`;

describe('what tells a success from a refusal', () => {
  it.each<[string, Answer, Answer, object]>([
    [
      'the status',
      [201, { order_id: 17 }],
      [409, { message: 'taken' }],
      {
        success: { status: [201] },
        refusal: { status: [409] },
        orderId: '$.order_id',
        message: '$.message',
      },
    ],
    [
      'a truth value',
      [200, { success: true, booking: { id: 'b-17' } }],
      [200, { success: false, reason: 'Seat C-14 is sold' }],
      {
        success: { status: [200], body: { '$.success': true } },
        refusal: { status: [200], body: { '$.success': false } },
        orderId: '$.booking.id',
        message: '$.reason',
      },
    ],
    [
      'an error',
      [200, { id: 17, seat: 'C-14' }],
      [200, { error: { code: 'SOLD', message: 'C-14 is sold' } }],
      {
        success: { status: [200], has: ['$.id'] },
        refusal: { status: [200], has: ['$.error'] },
        orderId: '$.id',
        message: '$.error.message',
      },
    ],
    [
      'the errors of GraphQL',
      [200, { data: { book: { id: 'o17' } } }],
      [200, { data: { book: null }, errors: [{ message: 'sold' }] }],
      {
        success: { status: [200], has: ['$.data.book.id'] },
        refusal: { status: [200], has: ['$.errors[0]'] },
        orderId: '$.data.book.id',
        message: '$.errors[*].message',
      },
    ],
    [
      'a state',
      [200, { id: 17, status: 'confirmed', at: '2026-11-30T10:00:00Z' }],
      [200, { id: 18, status: 'rejected', at: '2026-11-30T10:00:01Z' }],
      {
        success: { status: [200], body: { '$.status': 'confirmed' } },
        refusal: { status: [200], body: { '$.status': 'rejected' } },
        orderId: '$.id',
        message: '$.status',
      },
    ],
    [
      'a code',
      [200, { code: 0, data: { orderNo: '2026113017' } }],
      [200, { code: 40901, msg: 'Seat C-14 is taken' }],
      {
        success: { status: [200], body: { '$.code': 0 } },
        refusal: { status: [200], body: { '$.code': 40901 } },
        orderId: '$.data.orderNo',
        message: '$.msg',
      },
    ],
    [
      'a message',
      [200, { message: 'Seat C-14 was booked for anna' }],
      [200, { message: 'Seat C-14 is already taken, bert' }],
      {
        success: { status: [200], body: { '$.message': '/booked/' } },
        refusal: { status: [200], body: { '$.message': '/already taken/' } },
        message: '$.message',
      },
    ],
    [
      'where a redirect leads',
      [303, '', { location: '/bookings/17' }],
      [303, '', { location: '/seats/C-14?error=taken' }],
      {
        success: { status: [303], header: { location: '/^\\/bookings\\/\\d+$/' } },
        refusal: { status: [303], header: { location: '/^\\/seats\\/[^\\/?#&]+\\?error=taken$/' } },
        orderId: { header: 'location', match: '/bookings/(\\d+)' },
        message: { header: 'location', match: '[?&#]error=([^&#]+)' },
      },
    ],
    [
      'a page',
      [200, html('<h1>Thank you, anna!</h1><p>Booking no. 1704 of C-14</p>')],
      [200, html('<p class="flash">Sorry, bert: C-14 is already taken</p>')],
      {
        success: { status: [200], text: 'Thank you' },
        refusal: { status: [200], text: 'Sorry' },
        orderId: { text: '/Booking\\s+no\\.\\s+(\\d+)/' },
        message: { text: '/>([^<>]*Sorry[^<>]*)</' },
      },
    ],
    [
      'a redirect, and the form once more',
      [302, '', { location: 'https://shop.example/orders/9f8e7d6c-1111-4222-8333-123456789abc' }],
      [200, html('<p>C-14 is sold</p>')],
      {
        success: { status: [302], header: { location: '/\\/orders\\/[^\\/?#&]+$/' } },
        refusal: { status: [200] },
        orderId: { header: 'location', match: '/orders/([^/?#]+)' },
      },
    ],
    [
      'a word',
      [200, 'OK'],
      [200, 'SOLD OUT'],
      { success: { status: [200], text: '/^OK\\s*$/' }, refusal: { status: [200], text: '/^SOLD OUT\\s*$/' } },
    ],
  ])('%s', (_what, first, second, outcome) => {
    expect(taught(first, second)).toMatchObject({ outcome });
    expect(taught(first, second)).not.toHaveProperty('outcome.score');
  });
});

/** Answers of a read-back: before the bookings, between them, and afterwards. */
const told = (before: Answer, between: Answer, after: Answer = between, get = '/seats/{key}', shownAfterMs = 0) => ({
  readBack: { get, before: reply(...before), between: reply(...between), after: reply(...after), shownAfterMs },
});
const BOOKED: Answer = [201, { order_id: 17 }];
const TAKEN: Answer = [409, { message: 'taken' }];

describe('what a read-back says', () => {
  it.each<[string, Partial<Evidence>, object | undefined]>([
    [
      'a list of orders that grows',
      told([200, { orders: [] }], [200, { orders: [{ id: 17, by: 'anna' }] }]),
      { get: '/seats/{key}', units: '$.orders', orderIds: '$.orders[*].id' },
    ],
    [
      'a list of ids',
      told([200, { status: 'available', order_ids: [] }], [200, { status: 'booked', order_ids: ['17'] }]),
      { get: '/seats/{key}', units: '$.order_ids', orderIds: '$.order_ids[*]' },
    ],
    [
      'a number that grows',
      told([200, { version: 0, sold: 0 }], [200, { version: 1, sold: 1 }]),
      { get: '/seats/{key}', units: '$.sold' },
    ],
    ['what is left', told([200, { left: 1 }], [200, { left: 0 }]), { get: '/seats/{key}', remaining: '$.left' }],
    [
      'the seat among all seats',
      told(
        [
          200,
          [
            { id: 'C-13', bookings: [] },
            { id: 'C-14', bookings: [] },
          ],
        ],
        [
          200,
          [
            { id: 'C-13', bookings: [] },
            { id: 'C-14', bookings: [{ id: 17 }] },
          ],
        ],
        undefined,
        '/seats',
      ),
      { get: '/seats', each: "$[?@.id == '{key}']", units: '$.bookings', orderIds: '$.bookings[*].id' },
    ],
    [
      'the order among all orders',
      told(
        [200, { orders: [{ id: 3, seat: 'C-13' }] }],
        [
          200,
          {
            orders: [
              { id: 3, seat: 'C-13' },
              { id: 17, seat: 'C-14' },
            ],
          },
        ],
        undefined,
        '/orders',
      ),
      {
        get: '/orders',
        taken: { has: ["$.orders[?@.seat == '{key}']"] },
        orderIds: "$.orders[?@.seat == '{key}'].id",
      },
    ],
    [
      'a state',
      told([200, { seat: 'C-14', state: 'free' }], [200, { seat: 'C-14', state: 'sold' }]),
      { get: '/seats/{key}', taken: { body: { '$.state': 'sold' } }, free: { body: { '$.state': 'free' } } },
    ],
    [
      'the id of the order',
      told([200, { order: null }], [200, { order: 17, at: '2026-11-30' }]),
      { get: '/seats/{key}', taken: { has: ['$.order'] }, orderIds: '$.order' },
    ],
    [
      'nothing before, and something afterwards',
      told([404, { error: 'no booking' }], [200, { who: 'anna' }]),
      { get: '/seats/{key}', taken: { status: [200] }, free: { status: [404] } },
    ],
    [
      'a page',
      told([200, html('<p>C-14: available</p>')], [200, html('<p>C-14: taken by anna</p>')]),
      { get: '/seats/{key}', taken: { text: 'taken' }, free: { text: 'available' } },
    ],
    [
      'late',
      told([200, { sold: 0 }], [200, { sold: 1 }], undefined, '/seats/{key}', 700),
      { get: '/seats/{key}', units: '$.sold', settleMs: 1400 },
    ],
    ['the same as before', told([200, { sold: 0 }], [200, { sold: 0 }]), undefined],
    [
      'a booking under another id',
      told([200, { orders: [] }], [200, { orders: [{ id: 99 }] }]),
      { get: '/seats/{key}', units: '$.orders' },
    ],
  ])('%s', (_what, readBack, expected) => {
    const learnt = taught(BOOKED, TAKEN, readBack) as { readBack?: object };
    expect(learnt.readBack).toEqual(expected);
  });
});

describe('a 202', () => {
  const ACCEPTED: Answer = [202, { id: 'q-1' }, { location: '/queue/1' }];
  const page = (state: string, more = {}) => reply(200, { state, ...more });

  it('is decided by the page that it names', () => {
    const status = {
      page: { capture: { header: 'location', as: 'statusPage' }, url: '{{ statusPage }}' },
      first: [page('pending'), page('confirmed', { order: { id: 17 } })],
      second: [page('pending'), page('rejected', { reason: 'taken' })],
      decidedAfterMs: 400,
    };
    expect(taught(ACCEPTED, [202, { id: 'q-2' }, { location: '/queue/2' }], { status })).toMatchObject({
      outcome: {
        orderId: '$.order.id',
        message: '$.reason',
        settled: {
          success: { status: [200], body: { '$.state': 'confirmed' } },
          refusal: { status: [200], body: { '$.state': 'rejected' } },
        },
      },
      settles: {
        capture: { header: 'location', as: 'statusPage' },
        url: '{{ statusPage }}',
        everyMs: 200,
        withinMs: 10_000,
      },
    });
  });

  it('is decided by that page where the second booking is refused at once', () => {
    const status = {
      page: { capture: { header: 'location', as: 'statusPage' }, url: '{{ statusPage }}' },
      first: [page('confirmed')],
      second: [],
      decidedAfterMs: 0,
    };
    expect(taught(ACCEPTED, TAKEN, { status })).toMatchObject({
      outcome: {
        refusal: { status: [409] },
        settled: { success: { status: [200], body: { '$.state': 'confirmed' } } },
      },
    });
  });

  it('is decided by a read-back that names orders, which waits at least twice as long as the probe did', () => {
    const seen = told([200, { orders: [] }], [200, { orders: [{ id: 17 }] }], undefined, '/seats/{key}', 900);
    const learnt = taught([202, { order_id: 17 }], [202, { order_id: 18 }], seen);
    expect(learnt).toMatchObject({
      outcome: { orderId: '$.order_id' },
      readBack: { get: '/seats/{key}', units: '$.orders', orderIds: '$.orders[*].id', settleMs: 1800 },
    });
    expect(learnt).not.toHaveProperty('rule');
  });

  it('counts for nothing where the read-back counts and names no order', () => {
    const seen = told([200, { sold: 0 }], [200, { sold: 1 }]);
    expect(taught([202, {}], [202, {}], seen)).toMatchObject({
      rule: 'state',
      readBack: { units: '$.sold', settleMs: 1000 },
    });
  });

  it('needs one of them', () => {
    expect(taught([202, { id: 1 }], [202, { id: 2 }])).toMatchObject({
      problem: 'undecided',
      message: expect.stringContaining('--read-back'),
    });
  });
});

describe('equal answers', () => {
  const ALIKE: Answer = [200, { ok: true }];

  it('leave everything to a read-back that counts', () => {
    const learnt = taught(ALIKE, ALIKE, told([200, { orders: [] }], [200, { orders: [{ id: 17 }] }]));
    expect(learnt).toMatchObject({
      rule: 'state',
      readBack: { get: '/seats/{key}', units: '$.orders', orderIds: '$.orders[*].id' },
      notes: expect.arrayContaining([expect.stringContaining('cannot tell a success from a refusal')]),
    });
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ['no read-back', {}, /cannot tell a success from a refusal.*--read-back/],
    [
      'a read-back that says only "taken"',
      told([200, { state: 'free' }], [200, { state: 'sold' }]),
      /only taken or free, which cannot show a second sale.*--read-back/,
    ],
    [
      'a read-back that says the same as before',
      told([200, { state: 'free' }], [200, { state: 'free' }]),
      /did not change.*--read-back/,
    ],
  ])('teach nothing with %s', (_what, seen, message) => {
    expect(taught(ALIKE, ALIKE, seen)).toMatchObject({ problem: 'equal', message: expect.stringMatching(message) });
  });

  it('are a double sale where the server holds two bookings', () => {
    const seen = told([200, { sold: 0 }], [200, { sold: 1 }], [200, { sold: 2 }]);
    expect(taught(ALIKE, ALIKE, seen)).toMatchObject({ problem: 'sold-twice' });
    expect(taught([201, { id: 1 }], [201, { id: 2 }], seen)).toMatchObject({ problem: 'sold-twice' });
  });

  it('may give two orders', () => {
    expect(taught([201, { id: 1, name: 'Anna Ash' }], [201, { id: 2, name: 'Bert Birch' }])).toMatchObject({
      problem: 'equal',
      message: expect.stringContaining('two orders, 1 and 2'),
    });
  });
});

describe('nothing is learnt from', () => {
  const SOLD: Answer = [409, { message: 'sold' }];
  const OK: Answer = [201, { id: 1 }];
  it.each<[string, Answer, Answer, string, RegExp]>([
    [
      'a first answer 401',
      [401, { error: 'who?' }],
      SOLD,
      'not-signed-in',
      /first booking \(as anna\) was answered 401 \("who\?"\)/,
    ],
    ['a second answer 403', OK, [403], 'not-signed-in', /second booking \(as bert\) was answered 403.*--user/],
    [
      'a redirect to the sign-in',
      [302, '', { location: '/login?next=%2Fbook' }],
      OK,
      'not-signed-in',
      /sign-in failed/,
    ],
    ['a form to sign in', [200, html('<input type="password">')], OK, 'not-signed-in', /sign-in failed/],
    ['a 500', [500, 'oops'], SOLD, 'server-error', /first booking .*500/],
    ['a second answer 503', OK, [503], 'server-error', /second booking .*503/],
    ['a 429', OK, [429], 'rate-limited', /429/],
    [
      'two refusals',
      SOLD,
      SOLD,
      'refused',
      /both bookings of C-14 were refused: 409 and 409 \("sold"\)\. If it is not free, .* else mend the request/,
    ],
    ['two refusals under 200', [200, { success: false }], [200, { success: false }], 'refused', /both bookings/],
    [
      'a refusal before a success',
      [200, { success: false }],
      [200, { success: true }],
      'refused',
      /first booking was refused/,
    ],
    ['the same order twice', OK, [200, { id: 1 }], 'same-order', /same order, 1: .* another user/],
  ])('%s', (_what, first, second, problem, message) => {
    expect(taught(first, second)).toMatchObject({ problem, message: expect.stringMatching(message) });
  });

  it('no answer', () => {
    const first = { reply: { kind: 'broken', failure: 'timeout', error: 'no whole answer within 10 s' } } as const;
    expect(learn({ ...evidence(OK, OK), first }, printable)).toMatchObject({
      problem: 'no-answer',
      message: 'the first booking got no answer: no whole answer within 10 s',
    });
  });
});

it('takes the booking of another user where the API tells a user the same order again', () => {
  const learnt = taught([201, { id: 1 }], [201, { id: 1 }], {
    third: { reply: reply(409, { detail: 'sold' }), user: 'carl' },
  });
  expect(learnt).toMatchObject({
    outcome: { success: { status: [201] }, refusal: { status: [409] }, orderId: '$.id', message: '$.detail' },
    notes: expect.arrayContaining([expect.stringContaining('the same order again')]),
  });
});

it('says in at most five lines which statuses mean what, where the order id and the message are, and whether the read-back is true', () => {
  const learnt = taught(BOOKED, TAKEN, told([200, { orders: [] }], [200, { orders: [{ id: 17 }] }]));
  expect((learnt as { notes: readonly string[] }).notes).toEqual([
    'success: 201',
    'refusal: 409 ("taken")',
    'order id: $.order_id (17); message: $.message',
    'read-back: /seats/{key} told the truth: 0 bookings, then 1, then 1 ("$.orders[*].id")',
  ]);
});
