import { describe, expect, it } from 'vitest';
import type { Attempt, History } from '../../model/index.ts';
import { judgeVisit } from '../../plugin/src/judging/index.ts';
import { history, ok, plan, refused, round, times } from '../support/histories.ts';

/** A visit to an inventory, as the launcher keeps it: the plan names that one alone. */
function visited(number: number, key: string, visit: number, winners: number): History {
  const attempts = round(number, key, [...times(winners, () => ok()), ...times(4 - winners, () => refused())]);
  const planned = plan({ contenders: 4, inventories: [{ key, capacity: 1 }], repeat: { times: 9, stop: 'violation' } });
  return history(
    planned,
    attempts.map((attempt): Attempt => ({ ...attempt, visit })),
  );
}

describe('a visit judged by itself', () => {
  const first = visited(1, 'P', 1, 1);

  it.each([
    ['the first round', 1, 'A', 1],
    ['a later round of the first pass', 11, 'B', 1],
    ['a round of a later pass', 41, 'B', 3],
    ['another visit to what was won', 17, 'P', 2],
  ])('is violated where it sold twice: %s', (_, number, key, visit) => {
    const verdict = { isViolated: true, strongRounds: 1, hasWinner: true };
    expect(judgeVisit(visited(number, key, visit, 2))).toEqual(verdict);
    expect(judgeVisit(visited(number, key, visit, 2), first)).toEqual(verdict);
    expect(judgeVisit(visited(number, key, visit, 1), first)).toEqual({ ...verdict, isViolated: false });
  });

  it('is violated where nobody won, once somebody won another', () => {
    expect(judgeVisit(visited(11, 'B', 1, 0), first)).toMatchObject({ isViolated: true, hasWinner: false });
  });

  it('is not violated by what it is compared with', () => {
    expect(judgeVisit(visited(11, 'B', 1, 1), visited(1, 'A', 1, 2))).toMatchObject({ isViolated: false });
  });
});
