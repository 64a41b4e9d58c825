import { describe, expect, it } from 'vitest';
import { createRoundTable } from '../../plugin/src/artillery/shared/round-table.ts';
import { createRounds } from '../../plugin/src/artillery/worker/rounds.ts';
import { plan } from '../support/histories.ts';

/** The same rounds in two workers. */
function twoWorkers() {
  const seats = plan({
    inventories: [
      { key: 'A1', capacity: 1 },
      { key: 'A2', capacity: 1 },
    ],
  });
  const table = createRoundTable(seats);
  return [createRounds(table, seats), createRounds(table, seats)] as const;
}

describe('the number of a round', () => {
  it('is the order in the plan for the first visit to an inventory', () => {
    const [one] = twoWorkers();
    expect(['A2', 'A1'].map((key) => one.numberOf(key, 1))).toEqual([2, 1]);
  });

  it('is the same in all workers for a round that is not in the plan, and counts on from the plan', () => {
    const [one, two] = twoWorkers();
    expect(one.numberOf('A2', 2)).toBe(3);
    expect(two.numberOf('B7', 1)).toBe(4);
    expect(two.numberOf('A2', 2)).toBe(3);
    expect(one.numberOf('A1', 2)).toBe(5);
    expect(one.numberOf('B7', 1)).toBe(4);
    expect(two.numberOf('A1', 2)).toBe(5);
  });
});

describe('the spread of a round', () => {
  it('is known once, when the last contender of all workers is through', () => {
    const [one, two] = twoWorkers();
    for (const worker of [one, one, two]) worker.entered(1);
    expect(one.left(1, 100.25)).toBeUndefined();
    expect(one.left(1, 101)).toBeUndefined();
    expect(two.left(1, 99.5)).toBe(1.5);
  });

  it('needs two contenders that were released', () => {
    const [one, two] = twoWorkers();
    one.entered(1);
    two.entered(1);
    expect(one.left(1, 100)).toBeUndefined();
    expect(two.left(1, undefined)).toBeUndefined();
  });

  it('is counted for each round', () => {
    const [one] = twoWorkers();
    for (const round of [1, 1, 2, 2]) one.entered(round);
    one.left(1, 10);
    one.left(2, 50);
    expect(one.left(1, 11)).toBe(1);
    expect(one.left(2, 53)).toBe(3);
  });
});
