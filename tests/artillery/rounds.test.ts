import { describe, expect, it } from 'vitest';
import { RACE_STOPPED } from '../../model/index.ts';
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
    expect(one.left(1, 100.25, true)).toBeUndefined();
    expect(one.left(1, 101, true)).toBeUndefined();
    expect(two.left(1, 99.5, true)).toBe(1.5);
  });

  it('needs two contenders that were released', () => {
    const [one, two] = twoWorkers();
    one.entered(1);
    two.entered(1);
    expect(one.left(1, 100, true)).toBeUndefined();
    expect(two.left(1, undefined, true)).toBeUndefined();
  });

  it('is counted for each round', () => {
    const [one] = twoWorkers();
    for (const round of [1, 1, 2, 2]) one.entered(round);
    one.left(1, 10, true);
    one.left(2, 50, true);
    expect(one.left(1, 11, true)).toBe(1);
    expect(one.left(2, 53, true)).toBe(3);
  });
});

describe('a race in which nobody is answered', () => {
  /** A round of two contenders in two workers. */
  const race = ([one, two]: ReturnType<typeof twoWorkers>, round: number, ...isAnswered: [boolean, boolean]) => {
    one.entered(round);
    two.entered(round);
    one.left(round, 10, isAnswered[0]);
    two.left(round, 10, isAnswered[1]);
  };

  it.each<[string, [boolean, boolean][], boolean]>([
    [
      'stops after two rounds in a row',
      [
        [false, false],
        [false, false],
      ],
      true,
    ],
    ['goes on after one', [[false, false]], false],
    [
      'goes on where somebody was answered in between',
      [
        [false, false],
        [true, false],
        [false, false],
      ],
      false,
    ],
    [
      'stays stopped',
      [
        [false, false],
        [false, false],
        [true, true],
      ],
      true,
    ],
  ])('%s, for all workers', (_what, rounds, isStopped) => {
    const workers = twoWorkers();
    for (const [index, isAnswered] of rounds.entries()) race(workers, index + 1, ...isAnswered);
    expect(workers.map((worker) => worker.stoppedBecause() !== undefined)).toEqual([isStopped, isStopped]);
  });

  it('counts a round once that some come to late', () => {
    const workers = twoWorkers();
    race(workers, 1, false, false);
    race(workers, 1, false, false);
    expect(workers[0].stoppedBecause()).toBeUndefined();
  });

  it('does not count a round from which somebody was turned away before the release, and nobody else is through', () => {
    const workers = twoWorkers();
    const [one, two] = workers;
    race(workers, 1, false, false);
    one.entered(2);
    one.left(2, undefined, true);
    expect(one.stoppedBecause()).toBeUndefined();
    two.entered(2);
    two.left(2, 10, false);
    expect(one.stoppedBecause()).toBe(RACE_STOPPED);
  });

  it('lets nobody go on from the round after a silent one, until somebody is answered or the round is over', async () => {
    const workers = twoWorkers();
    const [one, two] = workers;
    race(workers, 1, false, false);
    for (const isAnswered of [true, false]) {
      const round = isAnswered ? 2 : 3;
      if (!isAnswered) race(workers, 4, false, false);
      for (const worker of [one, one, two]) worker.entered(round);
      one.left(round, 10, false);
      let goesOn = false;
      const waiting = one.untilHeard(round).then(() => {
        goesOn = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(goesOn).toBe(false);
      two.left(round, 10, isAnswered);
      if (!isAnswered) one.left(round, 10, false);
      await waiting;
    }
    expect(one.stoppedBecause()).toBe(RACE_STOPPED);
  });
});
