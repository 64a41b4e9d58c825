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
    [{ name: 'state' }, { name: 'state' }],
    [
      { name: 'state', exactly: false },
      { name: 'state', exactly: false },
    ],
    ['unique', { name: 'unique' }],
    [
      { name: 'unique', gapless: true },
      { name: 'unique', gapless: true },
    ],
    ['allocation', { name: 'allocation' }],
    ['intervals', { name: 'intervals' }],
    ['balance', { name: 'balance' }],
    [
      { name: 'exclusive', operations: ['pay', 'cancel'] },
      { name: 'exclusive', operations: ['pay', 'cancel'] },
    ],
  ])('is read: %j', (rule, expected) => {
    const needed = { readBack: '/seats/{id}', outcome: { granted: '$.id' } };
    expect(resolve({ inventories: ['A'], rule, ...needed }).plan.rule).toEqual(expected);
  });

  const exclusive = { name: 'exclusive', operations: ['pay', 'cancel'] };
  it.each<[object]>([
    [{ rule: 'balance', inventories: [{ key: 'A', capacity: 12.5 }] }],
    [{ rule: 'balance', inventories: [{ key: 'A', capacity: '12.50' }] }],
    [{ rule: 'balance', inventories: [{ key: 'A', capacity: 5000 }] }],
    [{ rule: 'intervals', inventories: [{ key: 'A', capacity: 200 }] }],
    [{ rule: 'unique', outcome: { function: 'readAnswer' } }],
    [{ rule: 'unique', outcome: { operations: { book: { granted: '$.number' } } } }],
    [{ rule: 'allocation', outcome: { granted: '$.ids[*]' }, inventories: [{ key: 'row', parts: ['a', 'b'] }] }],
    [{ rule: exclusive, outcome: { operations: { pay: { success: { status: [204] } } } } }],
    [{ outcome: { operations: { hold: { orderId: '$.id' } } } }],
  ])('may come with %j', (race) => {
    expect(() => resolve({ inventories: ['A'], ...race })).not.toThrow();
  });

  it('keeps an amount as it is written, beside the number that is nearest to it', () => {
    const inventories = [
      { key: 'A', capacity: '100.10' },
      { key: 'B', capacity: '9007199254740993' },
      { key: 'C', capacity: '7' },
      { key: 'D', capacity: 0.5 },
    ];
    expect(resolve({ rule: 'balance', inventories }).plan.inventories).toEqual([
      { key: 'A', capacity: 100.1, amount: '100.10' },
      { key: 'B', capacity: 9007199254740992, amount: '9007199254740993' },
      { key: 'C', capacity: 7 },
      { key: 'D', capacity: 0.5, amount: '0.5' },
    ]);
  });

  it.each<[object, string]>([
    [
      { rule: 'quotas' },
      `config.plugins.race.rule: must be one of ${RULES.map(({ name }) => name).join(', ')}, or a mapping with one of these names; did you mean "quota"? (received "quotas")`,
    ],
    [{ rule: 'hold-confirm' }, 'config.plugins.race.rule.leaseMs: missing; must be a number'],
    [
      { rule: { name: 'hold-confirm', lease: 5 } },
      'config.plugins.race.rule.lease: unknown key; did you mean "leaseMs"?',
    ],
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
      {
        rule: 'overlapping-orders',
        readBack: '/seats/{key}',
        inventories: [
          { key: 'row-1', parts: ['a', 'b'] },
          { key: 'row-2', parts: ['b', 'c'] },
        ],
      },
      'config.plugins.race.inventories.1: "b" is in row-1 and in row-2, so the answers of the read-back would be mixed up; ' +
        'name each part in one inventory; where two rows number their seats alike, write ids such as row-1/3 and row-2/3',
    ],
    [
      {
        rule: 'allocation',
        outcome: { granted: '$.ids[*]' },
        readBack: '/seats/{key}',
        inventories: ['b', { key: 'row', parts: ['a', 'b'] }],
      },
      'config.plugins.race.inventories.1: "b" is in b and in row, so the answers',
    ],
    [{ rule: 'state' }, 'config.plugins.race.readBack: missing; the rule state needs it'],
    [{ rule: 'state', readBack: 'off' }, 'config.plugins.race.readBack: missing; the rule state needs it'],
    [{ rule: 'unique' }, 'config.plugins.race.outcome.granted: missing; the rule unique needs it'],
    [{ rule: 'allocation' }, 'config.plugins.race.outcome.granted: missing; the rule allocation needs it'],
    [{ rule: 'exclusive' }, 'config.plugins.race.rule.operations: missing'],
    [
      { rule: { name: 'exclusive', operations: ['pay'] } },
      'config.plugins.race.rule.operations: must name at least two',
    ],
    [
      { rule: { name: 'exclusive', operations: ['pay', 'pay'] } },
      'config.plugins.race.rule.operations: must name each of them once',
    ],
    [
      { rule: { name: 'unique', gaples: true } },
      'config.plugins.race.rule.gaples: unknown key; did you mean "gapless"?',
    ],
    [{ rule: { name: 'state', exactly: 'yes' } }, 'config.plugins.race.rule.exactly: '],
    [
      { rule: exclusive, outcome: { operations: { pai: { orderId: '$.id' } } } },
      'config.plugins.race.outcome.operations.pai: the rule exclusive knows no such operation; did you mean "pay"?',
    ],
    [
      { rule: exclusive, readBack: { path: '/orders/{id}', holds: { payed: { status: [200] } } } },
      'config.plugins.race.readBack.holds.payed: the rule exclusive knows no such operation; did you mean "pay"?',
    ],
    [
      { readBack: { path: '/orders/{id}', holds: { pay: { status: [200] } } } },
      'config.plugins.race.readBack.holds: the rule order-race knows no holds; only exclusive does',
    ],
    [
      { outcome: { operations: { holdd: { orderId: '$.id' } } } },
      'config.plugins.race.outcome.operations.holdd: the rule order-race knows no such operation; did you mean "hold"?',
    ],
    [
      { rule: exclusive, inventories: [{ key: 'A', capacity: 2 }] },
      'config.plugins.race.inventories.0.capacity: must be 1 under this rule (received 2)',
    ],
    [
      { rule: 'quota', inventories: [{ key: 'A', capacity: 2.5 }] },
      'config.plugins.race.inventories.0.capacity: must be a whole number from 1 under this rule (received 2.5)',
    ],
    [
      { rule: 'balance', inventories: [{ key: 'A', capacity: '1e3' }] },
      'config.plugins.race.inventories.0.capacity: must be a whole number from 1, or an amount above 0 (received "1e3")',
    ],
    [
      { rule: 'balance', inventories: [{ key: 'A', capacity: -5 }] },
      'config.plugins.race.inventories.0.capacity: must be a whole number from 1, or an amount above 0 (received -5)',
    ],
    [
      { rule: 'coupon', inventories: [{ key: 'A', capacity: 100 }] },
      'config.plugins.race.inventories.0.capacity: 100 for 100 contenders, so nobody has to lose; use more contenders or a smaller capacity',
    ],
  ])('is refused: %j', (race, message) => {
    expect(errorOf(() => resolve({ inventories: ['A'], ...race })).message).toContain(message);
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

  it('lets two rows number their seats alike where nothing is read back', () => {
    const rows = ['row-1', 'row-2'].map((key) => ({ key, parts: ['1', '2'] }));
    expect(resolve({ rule: 'overlapping-orders', inventories: rows }).plan.inventories).toHaveLength(2);
  });

  it('allows as rejections the statuses of every refusal in a list', () => {
    const refusal = [{ status: [409] }, { status: [201], body: { '$.discount': false } }];
    expect(resolve({ inventories: ['A'], outcome: { refusal } }).plan.limits.rejections).toEqual([409, 201]);
  });
});
