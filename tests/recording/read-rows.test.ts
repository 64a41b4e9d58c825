import { describe, expect, it } from 'vitest';
import { readRows } from '../../plugin/src/recording/read-rows.ts';

const read = (columns: string[], rows: unknown[][], capacity: number | string = 5) =>
  readRows({ columns, rows }, { key: 'A', values: { key: 'A' }, capacity });

describe('rows that are bookings', () => {
  it.each<[string, string[], unknown[][], object]>([
    ['none', ['order_id'], [], { units: 0, orderIds: [] }],
    ['two', ['order_id'], [['a'], [12345678901234567890n]], { units: 2, orderIds: ['a', '12345678901234567890'] }],
    ['in capitals', ['ORDER_ID', 'Owner'], [[7, 'ann']], { units: 1, orderIds: ['7'], owners: ['ann'] }],
    ['of an outer join', ['order_id', 'owner'], [[null, null]], { units: 0, orderIds: [], owners: [] }],
    ['with an owner alone', ['owner'], [['ann'], [null]], { units: 1, orderIds: [], owners: ['ann'] }],
    ['without an owner', ['order_id', 'owner'], [['a', null]], { units: 1, orderIds: ['a'], owners: [''] }],
    ['with ids in bytes', ['order_id'], [[Buffer.from('0aff', 'hex')]], { units: 1, orderIds: ['0aff'] }],
  ])('%s', (_what, columns, rows, expected) => {
    expect(read(columns, rows)).toEqual(expected);
  });
});

describe('rows that count', () => {
  it.each<[string, string[], unknown[][], object]>([
    ['units', ['units'], [[3]], { units: 3 }],
    ['units as text', ['units'], [['3']], { units: 3 }],
    ['units as a decimal', ['units'], [['3.00']], { units: 3 }],
    ['the sum of nothing', ['units'], [[null]], { units: 0 }],
    [
      'units of several bookings',
      ['order_id', 'units'],
      [
        ['a', 2n],
        ['b', 1n],
      ],
      { units: 3, orderIds: ['a', 'b'] },
    ],
    ['what remains', ['remaining'], [['2']], { units: 3, remaining: '2' }],
    ['what remains of an amount', ['remaining'], [['49.90']], { units: 0, remaining: '49.90' }],
  ])('%s', (_what, columns, rows, expected) => {
    expect(read(columns, rows)).toEqual({ orderIds: [], ...expected });
  });

  it.each<[string, string[], unknown[][], RegExp]>([
    ['half a unit', ['units'], [['0.5']], /no whole number/],
    ['less than nothing', ['units'], [[-1]], /no whole number/],
    ['words', ['units'], [['many']], /no whole number/],
    ['NULL that remains', ['remaining'], [[null]], /remaining is no number/],
    ['no row that says what remains', ['remaining'], [], /no row/],
    ['other columns', ['id', 'customer'], [[1, 'ann']], /none of the columns .*, but id, customer/],
    ['no columns', [], [], /but none/],
  ])('%s cannot be read', (_what, columns, rows, error) => {
    expect(read(columns, rows)).toEqual({ error: expect.stringMatching(error) });
  });
});
