import { describe, expect, it } from 'vitest';
import { readBackReader } from '../../plugin/src/recording/index.ts';
import { reply as replyWith } from './replies.ts';

const read = readBackReader({
  taken: { body: { '$.status': 'booked' } },
  free: { body: { '$.status': 'available' } },
  orderIds: '$.order_ids[*]',
});

const reply = (body: unknown, status = 200) => replyWith(status, body);

describe('what the server says about a seat', () => {
  it.each([
    ['free', reply({ status: 'available', order_ids: [] }), { kind: 'read', units: 0, orderIds: [], counts: false }],
    ['taken once', reply({ status: 'booked', order_ids: ['a'] }), { kind: 'read', units: 1, orderIds: ['a'] }],
    ['taken twice', reply({ status: 'booked', order_ids: ['a', 7] }), { kind: 'read', units: 2, orderIds: ['a', '7'] }],
    [
      'taken, with null for an order',
      reply({ status: 'booked', order_ids: [null] }),
      { kind: 'read', units: 1, orderIds: [], counts: false },
    ],
    ['taken, without an order', reply({ status: 'booked' }), { kind: 'read', units: 1, orderIds: [], counts: false }],
  ])('%s', (_what, wireReply, expected) => {
    expect(read('A', 'after', wireReply)).toEqual({ inventory: 'A', when: 'after', ...expected });
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
    ['no answer', { kind: 'broken', failure: 'timeout', error: 'no answer' } as const, /timeout/],
  ])('is unreadable where it is %s', (_what, wireReply, error) => {
    expect(read('A', 'after', wireReply)).toMatchObject({ kind: 'unreadable', error: expect.stringMatching(error) });
  });
});

describe('the orders that the server names', () => {
  const idsOf = (body: string) => (read('A', 'after', replyWith(200, body)) as { orderIds?: unknown }).orderIds;

  it('are as whole as in the answers to the contenders', () => {
    expect(idsOf('{"status":"booked","order_ids":[1e400,2e400,1.50,12345678901234567890]}')).toEqual([
      '1e400',
      '2e400',
      '1.50',
      '12345678901234567890',
    ]);
    const long = 'x'.repeat(300);
    const [one, other] = idsOf(`{"status":"booked","order_ids":["${long}1","${long}2"]}`) as [string, string];
    expect(one).toMatch(/^x{100}…#[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
  });

  it('count where the answer says no number; without them "taken" and "free" count nothing', () => {
    expect(read('A', 'after', reply({ status: 'booked', order_ids: ['a'] }))).not.toHaveProperty('counts');
    expect(read('A', 'after', reply({ status: 'booked' }))).toHaveProperty('counts', false);
    expect(read('A', 'after', reply({ status: 'available' }))).toHaveProperty('counts', false);
  });
});

describe('a read-back by status', () => {
  const byStatus = readBackReader({ taken: { status: [200] }, free: { status: [404] }, orderIds: '$.id' });

  it('means what the conditions say', () => {
    expect(byStatus('A', 'after', reply({ message: 'no such booking' }, 404))).toMatchObject({
      kind: 'read',
      units: 0,
    });
    expect(byStatus('A', 'after', reply({ id: 7 }))).toMatchObject({ kind: 'read', units: 1, orderIds: ['7'] });
  });

  it.each([403, 500, 302])('is unreadable where no condition names the status: %d', (status) => {
    expect(byStatus('A', 'after', reply({}, status))).toMatchObject({ kind: 'unreadable', error: `status ${status}` });
  });
});

describe('what the server says about a pool', () => {
  const readPool = readBackReader({ taken: {}, free: {}, units: '$.sold', orderIds: '$.orders[*]' });

  it('is a number of units, however many orders it names', () => {
    expect(readPool('GA', 'after', reply({ sold: 37, orders: ['a', 'b'] }))).toMatchObject({ kind: 'read', units: 37 });
    expect(readPool('GA', 'after', reply({ sold: '0' }))).toMatchObject({ kind: 'read', units: 0, orderIds: [] });
  });

  it('counts all orders, however many', () => {
    const ids = Array.from({ length: 1500 }, (_, n) => n);
    expect(read('GA', 'after', reply({ status: 'booked', order_ids: ids }))).toMatchObject({ units: 1500 });
  });

  it('may be a list of bookings, with one entry for each unit', () => {
    const readList = readBackReader({ taken: {}, free: {}, units: '$', orderIds: '$[*].id' });
    expect(readList('GA', 'after', reply([]))).toMatchObject({ kind: 'read', units: 0, orderIds: [] });
    expect(readList('GA', 'after', reply([{ id: 'a' }, { id: 'b' }]))).toMatchObject({
      units: 2,
      orderIds: ['a', 'b'],
    });
    expect(readList('GA', 'after', reply(null))).toMatchObject({ kind: 'unreadable' });
  });

  it.each([{}, { sold: -1 }, { sold: 1.5 }, { sold: 'many' }])('is unreadable where it is %j', (body) => {
    expect(readPool('GA', 'after', reply(body))).toMatchObject({
      kind: 'unreadable',
      error: 'the answer names no number of units',
    });
  });
});
