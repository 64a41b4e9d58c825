import { expect, test } from 'vitest';
import {
  describeIntent,
  grantedTo,
  isTakenBefore,
  operationOf,
  type ReadBack,
  readBackKeysOf,
  unitsOf,
  userOf,
} from '../../model/index.ts';
import { ok, round } from '../support/histories.ts';

test('by default an attempt wants to book one unit for the virtual user', () => {
  const [attempt] = round(1, 'A', [ok()]);
  if (attempt?.outcome !== 'ok') throw new Error('not a winner');
  expect([
    operationOf(attempt),
    unitsOf(attempt),
    userOf(attempt),
    grantedTo(attempt),
    describeIntent(attempt),
  ]).toEqual(['book', 1, 'VU 1', 1, '']);
  const four = { ...attempt, operation: 'hold', units: 4, user: 'ann' } as const;
  expect([operationOf(four), unitsOf(four), userOf(four), grantedTo(four)]).toEqual(['hold', 4, 'ann', 4]);
  expect(grantedTo({ ...four, granted: 0 })).toBe(0);
});

test('an intent is described in a few words', () => {
  expect(describeIntent({ operation: 'hold', units: 1, parts: ['s1', 's2'], user: 'ann', idempotencyKey: 'k' })).toBe(
    'hold, 1 unit, s1, s2, as ann, key k',
  );
  expect(describeIntent({ units: 2 })).toBe('2 units');
});

test('an inventory is read back as a whole or part by part; if one part is sold it is not raced for', () => {
  const pool = { key: 'A', capacity: 2 };
  const row = { key: 'row', capacity: 2, parts: ['s1', 's2'] };
  expect([readBackKeysOf(pool), readBackKeysOf(row)]).toEqual([['A'], ['s1', 's2']]);
  const units =
    (sold: Record<string, number>) =>
    (inventory: string): ReadBack => ({
      inventory,
      when: 'before',
      kind: 'read',
      units: sold[inventory] ?? 0,
      orderIds: [],
    });
  expect(isTakenBefore({}, pool, units({ A: 1 }))).toBe(false);
  expect(isTakenBefore({}, pool, units({ A: 2 }))).toBe(true);
  expect(isTakenBefore({}, row, units({ row: 9 }))).toBe(false);
  expect(isTakenBefore({}, row, units({ s2: 1 }))).toBe(true);
  // A room has bookings of other days, an order may be paid, a purse may be empty.
  expect(isTakenBefore({ rule: { name: 'intervals' } }, pool, units({ A: 9 }))).toBe(false);
  const says = (more: object) => (key: string) => ({ ...units({})(key), ...more });
  const order = { key: 'A', capacity: 1 };
  const exclusive = { rule: { name: 'exclusive', operations: ['pay', 'cancel'] } } as const;
  expect(isTakenBefore(exclusive, order, says({ holds: [] }))).toBe(false);
  expect(isTakenBefore(exclusive, order, says({ holds: ['pay'] }))).toBe(true);
  const purse = { key: 'A', capacity: 0.5, amount: '0.50' };
  expect(isTakenBefore({ rule: { name: 'balance' } }, purse, says({ remaining: '0.01' }))).toBe(false);
  expect(isTakenBefore({ rule: { name: 'balance' } }, purse, says({ remaining: '0.00' }))).toBe(true);
});
