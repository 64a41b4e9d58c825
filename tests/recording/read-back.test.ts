import { describe, expect, it } from 'vitest';
import type { WireReply } from '../../plugin/src/recording/answer.ts';
import { answerReader, type ReadBackRules } from '../../plugin/src/recording/read-back.ts';
import { reply as replyWith } from './replies.ts';

/** What an answer says about an inventory. */
const readerOf = (rules: ReadBackRules, capacity: number | string = 1, fields = {}) => {
  const read = answerReader(rules);
  return (key: string, reply: WireReply) => read(reply, { key, capacity, values: { ...fields, key } });
};

const read = readerOf({
  taken: { body: { '$.status': 'booked' } },
  free: { body: { '$.status': 'available' } },
  orderIds: '$.order_ids[*]',
});

const reply = (body: unknown, status = 200) => replyWith(status, body);

describe('a page for people', () => {
  const page = (text: string) => replyWith(200, `<!doctype html><html><body>${text}</body></html>`);
  const seat = readerOf({ taken: { text: 'Taken by' }, free: { text: 'Book now' }, orderIds: '$.order_ids[*]' });

  it('is read by its text', () => {
    expect(seat('A', page('Taken by anna'))).toMatchObject({ units: 1 });
    expect(seat('A', page('<button>Book now</button>'))).toMatchObject({ units: 0 });
  });

  it('cannot be read where it says neither, as a form to sign in', () => {
    expect(seat('A', page('<input type="password">'))).toEqual({ error: expect.stringContaining('neither') });
  });
});

describe('what the server says about a seat', () => {
  it.each([
    ['free', reply({ status: 'available', order_ids: [] }), { units: 0, orderIds: [], counts: false }],
    ['taken once', reply({ status: 'booked', order_ids: ['a'] }), { units: 1, orderIds: ['a'] }],
    ['taken twice', reply({ status: 'booked', order_ids: ['a', 7] }), { units: 2, orderIds: ['a', '7'] }],
    [
      'taken, with null for an order',
      reply({ status: 'booked', order_ids: [null] }),
      { units: 1, orderIds: [], counts: false },
    ],
    ['taken, without an order', reply({ status: 'booked' }), { units: 1, orderIds: [], counts: false }],
  ])('%s', (_what, wireReply, expected) => {
    expect(read('A', wireReply)).toEqual(expected);
  });

  it.each([
    [
      'another status of the seat',
      reply({ status: 'held' }),
      /^the answer says neither: taken {"body":{"\$\.status":"booked"}} and free {"body":{"\$\.status":"available"}}$/,
    ],
    ['free, but with orders', reply({ status: 'available', order_ids: ['a'] }), /says free, and names orders/],
    ['404', reply({ status: 'available' }, 404), /status 404/],
    ['an order without an id', reply({ status: 'booked', order_ids: [{ id: 1 }, { id: 2 }] }), /are not text: correct/],
    [
      'more orders than there can be contenders',
      reply({ status: 'booked', order_ids: Array(20_001).fill('a') }),
      /more than 20000/,
    ],
    ['a page', replyWith(200, '<html>'), /a page/],
    ['null', reply(null), /neither/],
    ['a list', reply([]), /neither/],
    [
      'an answer that was cut off',
      {
        kind: 'partial',
        status: 200,
        headers: {},
        body: Buffer.from('{}'),
        failure: 'reset',
        error: 'aborted',
      } as const,
      /^reset: aborted$/,
    ],
    ['what does not unpack', replyWith(200, '{}', { 'content-encoding': 'gzip' }), /^it does not unpack as gzip$/],
    [
      'nested too deep to be searched',
      replyWith(200, `{"status":"available","x":${'['.repeat(49)}${']'.repeat(49)}}`),
      /^it is nested more than 48 levels deep$/,
    ],
    ['no answer', { kind: 'broken', failure: 'timeout', error: 'no answer' } as const, /timeout/],
  ])('is unreadable where it is %s', (_what, wireReply, error) => {
    expect(read('A', wireReply)).toMatchObject({ error: expect.stringMatching(error) });
  });
});

describe('the orders that the server names', () => {
  const idsOf = (body: string) => (read('A', replyWith(200, body)) as { orderIds?: unknown }).orderIds;

  it('are as whole as in the answers to the contenders', () => {
    expect(idsOf('{"status":"booked","order_ids":[1e400,2e400,1.50,12345678901234567890]}')).toEqual([
      '1e400',
      '2e400',
      '1.50',
      '12345678901234567890',
    ]);
  });

  it('count where the answer says no number; without them "taken" and "free" count nothing', () => {
    expect(read('A', reply({ status: 'booked', order_ids: ['a'] }))).not.toHaveProperty('counts');
    expect(read('A', reply({ status: 'booked' }))).toHaveProperty('counts', false);
    expect(read('A', reply({ status: 'available' }))).toHaveProperty('counts', false);
  });
});

describe('a read-back by status', () => {
  const byStatus = readerOf({ taken: { status: [200] }, free: { status: [404] }, orderIds: '$.id' });

  it('means what the conditions say', () => {
    expect(byStatus('A', reply({ message: 'no such booking' }, 404))).toMatchObject({
      units: 0,
    });
    expect(byStatus('A', reply({ id: 7 }))).toMatchObject({ units: 1, orderIds: ['7'] });
  });

  it.each([403, 500, 302])('is unreadable where no condition names the status: %d', (status) => {
    expect(byStatus('A', reply({}, status))).toMatchObject({ error: `status ${status}` });
  });
});

describe('what the server says about a pool', () => {
  const readPool = readerOf({ taken: {}, free: {}, units: '$.sold', orderIds: '$.orders[*]' });

  it('is a number of units, however many orders it names', () => {
    expect(readPool('GA', reply({ sold: 37, orders: ['a', 'b'] }))).toMatchObject({ units: 37 });
    expect(readPool('GA', reply({ sold: '0' }))).toMatchObject({ units: 0, orderIds: [] });
  });

  it('counts all orders, however many', () => {
    const ids = Array.from({ length: 1500 }, (_, n) => n);
    expect(read('GA', reply({ status: 'booked', order_ids: ids }))).toMatchObject({ units: 1500 });
  });

  it('may be a list of bookings, with one entry for each unit', () => {
    const readList = readerOf({ taken: {}, free: {}, units: '$', orderIds: '$[*].id' });
    expect(readList('GA', reply([]))).toMatchObject({ units: 0, orderIds: [] });
    expect(readList('GA', reply([{ id: 'a' }, { id: 'b' }]))).toMatchObject({
      units: 2,
      orderIds: ['a', 'b'],
    });
    expect(readList('GA', reply(null))).toHaveProperty('error');
  });

  it.each([{}, { sold: -1 }, { sold: 1.5 }, { sold: 'many' }])('is unreadable where it is %j', (body) => {
    expect(readPool('GA', reply(body))).toMatchObject({
      error: 'the answer names no number of units',
    });
  });
});

describe('taken or free', () => {
  const by = (rules: Partial<ReadBackRules>) => readerOf({ orderIds: '$.ids[*]', ...rules });

  it('is the opposite of the other, where only one is said', () => {
    const taken = by({ taken: { body: { '$.state': 'SOLD' } } });
    expect(taken('A', reply({ state: 'SOLD' }))).toMatchObject({ units: 1, counts: false });
    expect(taken('A', reply({ state: 'OPEN' }))).toMatchObject({ units: 0, counts: false });
    const free = by({ free: { status: [404] } });
    expect(free('A', reply({}, 404))).toMatchObject({ units: 0 });
    expect(free('A', reply({ ids: ['a', 'b'] }))).toMatchObject({ units: 2 });
  });

  it('is not the opposite after anything but 2xx', () => {
    const taken = by({ taken: { status: [200, 410] } });
    expect(taken('A', reply({}, 410))).toMatchObject({ units: 1 });
    expect(taken('A', reply({}, 404))).toEqual({ error: 'status 404' });
  });

  it('is by the status of the API where neither is said', () => {
    expect(by({})('A', reply({ status: 'booked' }))).toMatchObject({ units: 1 });
    expect(by({})('A', reply({ status: 'held' }))).toMatchObject({ error: expect.stringMatching(/neither/) });
  });
});

describe('the part about an inventory', () => {
  const seats = {
    seats: [
      { id: 'A1', state: 'SOLD', bookings: [{ id: 7, user: 'ann' }] },
      { id: 'A2', state: 'OPEN', bookings: [] },
      { id: 'GA', sold: 3, left: 2 },
      { id: "O'Hare", state: 'SOLD' },
    ],
  };
  const each = "$.seats[?@.id == '{key}']";
  const taken = { body: { '$.state': 'SOLD' } };

  it('is where all other paths begin', () => {
    const read = readerOf({ each, taken, orderIds: '$.bookings[*].id', owners: '$.bookings[*].user' });
    expect(read('A1', reply(seats))).toEqual({ units: 1, orderIds: ['7'], owners: ['ann'] });
    expect(read('A2', reply(seats))).toEqual({ units: 0, orderIds: [], owners: [], counts: false });
    expect(read("O'Hare", reply(seats))).toMatchObject({ units: 1 });
    expect(readerOf({ each, units: '$.sold', orderIds: '$.none' })('GA', reply(seats))).toMatchObject({ units: 3 });
  });

  it('is missing: unreadable, unless that means free', () => {
    expect(readerOf({ each, taken, orderIds: '$.ids[*]' })('B9', reply(seats))).toEqual({
      error: "each selects nothing: $.seats[?@.id == 'B9']",
    });
    const read = readerOf({ each, absent: 'free', taken, orderIds: '$.ids[*]' });
    expect(read('B9', reply(seats))).toEqual({ units: 0, orderIds: [], counts: false });
    expect(read('B9', reply(seats, 404))).toEqual({ error: 'status 404' });
  });

  it('is looked for on 48 levels, and is never missing because there are more', () => {
    const nested = (levels: number) => replyWith(200, `${'{"a":'.repeat(levels)}[7]${'}'.repeat(levels)}`);
    const read = readerOf({ each: '$..a', absent: 'free', units: '$.sold', orderIds: '$.none' });
    expect(read('A1', nested(47))).toEqual({ error: 'the answer names no number of units' });
    expect(read('A1', nested(48))).toEqual({ error: 'it is nested more than 48 levels deep' });
  });

  it('may be several: bookings in one list', () => {
    const list = '[{"seat":"A1","id":12345678901234567890},{"seat":"B","id":1},{"seat":"A1","id":1.50}]';
    const read = readerOf({
      each: "$[?@.seat == '{key}']",
      absent: 'free',
      taken: { has: ['$.id'] },
      orderIds: '$.id',
    });
    expect(read('A1', replyWith(200, list))).toEqual({ units: 2, orderIds: ['12345678901234567890', '1.50'] });
    expect(read('B', replyWith(200, list))).toEqual({ units: 1, orderIds: ['1'] });
    expect(read('C', replyWith(200, list))).toMatchObject({ units: 0 });
  });

  it('may be found by a field of the inventory, or a number', () => {
    const quotas = { quotas: [{ id: 17, sold: 2 }] };
    const rules = { each: '$.quotas[?@.id == {quota}]', units: '$.sold', orderIds: '$.none' };
    expect(readerOf(rules, 5, { quota: 17 })('A1', reply(quotas))).toMatchObject({ units: 2 });
  });
});

describe('what is left', () => {
  const left = (capacity: number | string) => readerOf({ remaining: '$.left', orderIds: '$.ids[*]' }, capacity);

  it.each([
    [5, '{"left":2}', { units: 3, remaining: '2' }],
    [5, '{"left":"0"}', { units: 5, remaining: '0' }],
    [5, '{"left":-1}', { units: 6, remaining: '-1' }],
    [5, '{"left":7}', { units: 0, remaining: '7' }],
    ['100.00', '{"left":49.90}', { units: 50, remaining: '49.90' }],
    [5, '{"left":["A4","A5"]}', { units: 3, remaining: '2' }],
    [100, '{"left":12345678901234567890.01}', { units: 0, remaining: '12345678901234567890.01' }],
  ])('of %s in %s', (capacity, body, expected) => {
    expect(left(capacity)('A', replyWith(200, body))).toEqual({ orderIds: [], ...expected });
  });

  it('is unreadable where it means more units than a history can hold', () => {
    const error = 'the answer means more units than can be counted';
    expect(left(5)('A', replyWith(200, '{"left":-9223372036854775808}'))).toEqual({ error });
  });

  it.each(['{}', '{"left":null}', '{"left":"many"}'])('is unreadable in %s', (body) => {
    expect(left(5)('A', replyWith(200, body))).toEqual({ error: 'the answer does not say how much is left' });
  });
});

it('says which operations happened', () => {
  const read = readerOf({
    holds: { pay: { body: { '$.paid': true } }, cancel: [{ has: ['$.cancelledAt'] }, { status: [410] }] },
    orderIds: '$.ids[*]',
  });
  expect(read('A', reply({ paid: false }))).toMatchObject({ units: 0, holds: [] });
  expect(read('A', reply({ paid: true, cancelledAt: 'now' }))).toMatchObject({ units: 1, holds: ['pay', 'cancel'] });
  expect(read('A', reply({}, 410))).toMatchObject({ units: 1, holds: ['cancel'] });
  expect(read('A', reply({}, 404))).toEqual({ error: 'status 404' });
});

it('adds several numbers of units', () => {
  const read = readerOf({ units: '$.days[*].sold', orderIds: '$.ids[*]' });
  expect(read('A', reply({ days: [{ sold: 2 }, { sold: 3 }] }))).toMatchObject({ units: 5 });
  expect(read('A', reply({ days: [{ sold: 2 }, { sold: 'x' }] }))).toHaveProperty('error');
  expect(read('A', reply({ days: [] }))).toHaveProperty('error');
});
