import { describe, expect, it } from 'vitest';
import { RULES } from '../../model/index.ts';
import { errorOf, resolve } from './resolve.ts';

describe('the rule of a run', () => {
  it.each<[unknown, object | undefined]>([
    [undefined, undefined],
    ['order-race', undefined],
    [{ name: 'order-race' }, undefined],
    ['quota', { name: 'quota' }],
    [{ name: 'coupon' }, { name: 'coupon' }],
    ['per-user-limit', { name: 'per-user-limit' }],
    ['cancel-rebook', { name: 'cancel-rebook', busy: [423] }],
    ['double-submit', { name: 'double-submit', inProgress: [409] }],
    [
      { name: 'double-submit', inProgress: ['420-429'] },
      { name: 'double-submit', inProgress: ['420-429'] },
    ],
    [
      { name: 'double-submit', inProgress: [] },
      { name: 'double-submit', inProgress: [] },
    ],
    [
      { name: 'hold-confirm', leaseMs: 2000 },
      { name: 'hold-confirm', leaseMs: 2000, toleranceMs: 20, busy: [423] },
    ],
    [
      { name: 'hold-confirm', leaseMs: 2000, toleranceMs: 0, busy: [] },
      { name: 'hold-confirm', leaseMs: 2000, toleranceMs: 0, busy: [] },
    ],
  ])('is read: %j', (rule, expected) => {
    expect(resolve({ inventories: ['A'], rule }).plan.rule).toEqual(expected);
  });

  it.each<[object, string]>([
    [
      { rule: 'quotas' },
      `config.plugins.race.rule: must be one of ${RULES.map(({ name }) => name).join(', ')}, or a mapping with one of these names (received "quotas")`,
    ],
    [{ rule: 'hold-confirm' }, 'config.plugins.race.rule.leaseMs: missing; must be a number'],
    [{ rule: { name: 'hold-confirm', lease: 5 } }, 'config.plugins.race.rule.leaseMs: '],
    [{ rule: { name: 'quota', leaseMs: 5 } }, 'config.plugins.race.rule.leaseMs: unknown key; remove it'],
    [
      { rule: { name: 'double-submit', inProgres: [409] } },
      'config.plugins.race.rule.inProgres: unknown key; did you mean "inProgress"?',
    ],
    [{ rule: { name: 'double-submit', inProgress: [40] } }, 'config.plugins.race.rule.inProgress'],
    [
      { rule: 'cancel-rebook', inventories: [{ key: 'A', capacity: 2 }] },
      'config.plugins.race.inventories.0.capacity: must be 1 under this rule (received 2)',
    ],
    [
      { rule: 'overlapping-orders', inventories: ['A'] },
      'config.plugins.race.inventories.0: the rule overlapping-orders needs parts: { key: row-1, parts: [A1, A2, A3] }',
    ],
    [
      { inventories: ['A', { key: 'row', parts: ['a', 'b'] }] },
      'config.plugins.race.inventories.1.parts: only the rules overlapping-orders, allocation know parts',
    ],
    [
      { rule: 'overlapping-orders', inventories: [{ key: 'row', parts: ['a', 'a'] }] },
      'config.plugins.race.inventories.0.parts: must name each part once',
    ],
    [
      { rule: 'overlapping-orders', inventories: [{ key: 'row', capacity: 2, parts: ['a', 'b'] }] },
      'config.plugins.race.inventories.0.capacity: must be left out if parts are named: each part exists once',
    ],
    [
      { rule: 'coupon', inventories: [{ key: 'A', capacity: 100 }] },
      'config.plugins.race.inventories.0.capacity: 100 for 100 contenders, so nobody has to lose; use more contenders or a smaller capacity',
    ],
  ])('is refused: %j', (race, message) => {
    expect(errorOf(() => resolve(race)).message).toContain(message);
  });

  it('lets a pool have more units than there are contenders, and a row as many seats as it names', () => {
    expect(resolve({ rule: 'quota', inventories: [{ key: 'A', capacity: 150 }] }).plan.inventories).toEqual([
      { key: 'A', capacity: 150 },
    ]);
    expect(
      resolve({
        rule: 'overlapping-orders',
        contenders: 3,
        inventories: [{ key: 'row', parts: ['a', 'b', 'c'] }],
      }).plan.inventories,
    ).toEqual([{ key: 'row', capacity: 3, parts: ['a', 'b', 'c'] }]);
  });

  it('allows as rejections the statuses of every refusal in a list', () => {
    const refusal = [{ status: [409] }, { status: [201], body: { '$.discount': false } }];
    expect(resolve({ inventories: ['A'], outcome: { refusal } }).plan.limits.rejections).toEqual([409, 201]);
  });
});
