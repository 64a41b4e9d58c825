import { describe, expect, it } from 'vitest';
import { leastUnitsOf } from '../../plugin/src/artillery/launcher/ask-afterwards.ts';
import { history, ok, plan, refused, round, ruled } from '../support/histories.ts';

const before = { inventory: 'A', when: 'before', kind: 'read', units: 2, orderIds: [] } as const;
const pool = plan({ inventories: [{ key: 'A', capacity: 5 }] });
const leastAfter = (...[first, ...others]: Parameters<typeof round>[2]) =>
  leastUnitsOf(history(pool, first === undefined ? [] : round(1, 'A', [first, ...others]), [before]), 'A');

describe('a right server holds, after the race, at least', () => {
  it('what it held before and what it acknowledged', () => {
    expect(leastAfter(ok(201, 'a'), ok(201, 'b'), refused())).toBe(4);
  });

  it('one more than before if it acknowledged nothing: somebody must have won', () => {
    expect(leastAfter(refused(), refused())).toBe(3);
  });

  it('what it held before if nobody went for it', () => {
    expect(leastAfter()).toBe(2);
  });

  it('nothing under a rule with cancellations', () => {
    const cancelled = history(ruled({ name: 'cancel-rebook', busy: [423] }, 4), round(1, 'A', [ok()]), [before]);
    expect(leastUnitsOf(cancelled, 'A')).toBe(0);
  });
});
