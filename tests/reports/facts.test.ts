import { describe, expect, test } from 'vitest';
import type { History, Plan, ReadBack } from '../../model/index.ts';
import { reportOf } from '../../reports/index.ts';
import { history, ok, plan, refused, round, serverError, stored, unanswered } from '../support/histories.ts';

const raced = round(1, 'A', [ok(), refused(409), serverError(503), unanswered('reset')]);

const factsOf = (
  readBacks: readonly ReadBack[] = [],
  overrides: Partial<Plan> = {},
  run: Partial<History['run']> = {},
) => {
  const recorded = history(plan(overrides), raced, readBacks);
  return reportOf({ ...recorded, run: { ...recorded.run, ...run } }, []).facts;
};

test('statuses, and why attempts stayed unknown, are known from the attempts', () => {
  expect(factsOf()).toEqual({
    readBack: 'off',
    wasFree: false,
    isTls: false,
    contenders: 4,
    requests: 4,
    successes: 1,
    statuses: new Set([201, 409, 503]),
    unknown: new Set(['server-error', 'reset']),
    wasInterrupted: false,
    words: { one: 'seat', many: 'seats' },
  });
});

test('TLS and the protocol are known from the set-up', () => {
  expect(factsOf([], {}, { target: 'https://api.example', config: { wire: 'http1' } })).toMatchObject({
    isTls: true,
    wire: 'http1',
  });
  expect(factsOf([], {}, { config: { wire: 'auto' } })).not.toHaveProperty('wire');
});

describe('the read-back', () => {
  const on = { readBack: true };
  const unreadable: ReadBack = { inventory: 'A', when: 'after', kind: 'unreadable', error: '404' };

  test('is read if one answer could be read', () => {
    expect(factsOf([unreadable, stored(0, [], 'before')], on).readBack).toBe('read');
    expect(factsOf([unreadable], on).readBack).toBe('unread');
    expect(factsOf([], on).readBack).toBe('unread');
  });

  test('knows what was free before the race, part by part', () => {
    expect(factsOf([stored(0, [], 'before')], on).wasFree).toBe(true);
    expect(factsOf([stored(1, [], 'before')], on).wasFree).toBe(false);
    expect(factsOf([stored(0)], on).wasFree).toBe(false);
    const inventories = [{ key: 'A', capacity: 2, parts: ['x', 'y'] }];
    const free = (inventory: string): ReadBack => ({ ...stored(0, [], 'before'), inventory });
    expect(factsOf([free('x')], { ...on, inventories }).wasFree).toBe(false);
    expect(factsOf([free('x'), free('y')], { ...on, inventories }).wasFree).toBe(true);
  });
});
