import { describe, expect, it } from 'vitest';
import { readBackReader, type WireReply } from '../../plugin/src/recording/index.ts';

const read = readBackReader({
  taken: { body: { '$.status': 'booked' } },
  free: { body: { '$.status': 'available' } },
  orderIds: '$.order_ids[*]',
});
const reply = (body: unknown, status = 200): WireReply => ({
  kind: 'complete',
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});

describe('what the server says about a seat', () => {
  it.each([
    ['free', reply({ status: 'available', order_ids: [] }), { kind: 'read', units: 0, orderIds: [] }],
    ['taken once', reply({ status: 'booked', order_ids: ['a'] }), { kind: 'read', units: 1, orderIds: ['a'] }],
    ['taken twice', reply({ status: 'booked', order_ids: ['a', 7] }), { kind: 'read', units: 2, orderIds: ['a', '7'] }],
    ['taken, by nobody named', reply({ status: 'booked' }), { kind: 'read', units: 1, orderIds: [] }],
  ])('%s', (_what, its, expected) => {
    expect(read('A', 'after', its)).toEqual({ inventory: 'A', when: 'after', ...expected });
  });

  it.each([
    ['another status of the seat', reply({ status: 'held' }), /neither/],
    ['free, but with orders', reply({ status: 'available', order_ids: ['a'] }), /says free, and names orders/],
    ['404', reply({ status: 'available' }, 404), /status 404/],
    ['no answer', { kind: 'broken', failure: 'timeout', error: 'no answer' } as const, /timeout/],
  ])('is unreadable where it is %s', (_what, its, error) => {
    expect(read('A', 'after', its)).toMatchObject({ kind: 'unreadable', error: expect.stringMatching(error) });
  });
});

describe('what the server says about a pool', () => {
  const readPool = readBackReader({ taken: {}, free: {}, units: '$.sold', orderIds: '$.orders[*]' });

  it('is a number of units, however many orders it names', () => {
    expect(readPool('GA', 'after', reply({ sold: 37, orders: ['a', 'b'] }))).toMatchObject({ kind: 'read', units: 37 });
    expect(readPool('GA', 'after', reply({ sold: '0' }))).toMatchObject({ kind: 'read', units: 0, orderIds: [] });
  });

  it.each([{}, { sold: -1 }, { sold: 1.5 }, { sold: 'many' }])('is unreadable where it is %j', (body) => {
    expect(readPool('GA', 'after', reply(body))).toMatchObject({
      kind: 'unreadable',
      error: 'the answer names no number of units',
    });
  });
});
