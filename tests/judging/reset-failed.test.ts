import { describe, expect, it } from 'vitest';
import type { Attempt, History, ReadBack } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { history, ok, plan, refused, round, times } from '../support/histories.ts';

type Visit = readonly [key: string, visit: number];

/** Rounds on these visits, one after the other; then the server says that others are taken, and nobody goes for them. */
function repeated(visits: readonly Visit[], taken: readonly Visit[] = []): History {
  const keys = [...new Set([...visits, ...taken].map(([key]) => key))];
  const attempts = visits.flatMap(([key, visit], index) =>
    round(index + 1, key, [ok(201, key + visit), ...times(3, () => refused())]).map(
      (attempt): Attempt => ({ ...attempt, visit }),
    ),
  );
  const says = ([inventory, visit]: Visit, when: ReadBack['when'], orderIds: readonly string[]): ReadBack => ({
    inventory,
    visit,
    when,
    kind: 'read',
    units: orderIds.length,
    orderIds,
  });
  const raced = visits.flatMap((visit) => [says(visit, 'before', []), says(visit, 'after', [visit.join('')])]);
  const planned = plan({
    inventories: keys.map((key) => ({ key, capacity: 1 })),
    repeat: { times: 2, stop: 'never' },
    readBack: true,
  });
  const readBacks = [...raced, ...taken.map((visit) => says(visit, 'before', ['old']))];
  const end = { type: 'end', endedAt: '', atMs: 1e4, reason: 'completed', repeated: 'done' } as const;
  return { ...history(planned, attempts, readBacks), end };
}

const told = (recorded: History) => judge(recorded).map(({ message }) => message);
const TWO_PASSES: readonly Visit[] = [
  ['A', 1],
  ['B', 1],
  ['A', 2],
  ['B', 2],
];

describe('what is still taken when it is to be raced for', () => {
  it('is told where it was raced for before', () => {
    expect(told(repeated(TWO_PASSES, [['A', 3]]))).toEqual([
      'seat A was still taken after its reset, before visit 3, so nobody raced for it then: the server holds old',
    ]);
  });

  it.for<[string, readonly Visit[]]>([
    ['the run ended with it', [['A', 1]]],
    ['a request named it later, and others raced in the round of its position', [...TWO_PASSES, ['A', 3]]],
  ])('is told where nobody ever raced for it: %s', ([, visits]) => {
    expect(told(repeated(visits, [['C', 1]]))).toEqual([
      'seat C was taken before visit 1, so nobody raced for it then: the server holds old',
    ]);
  });

  it('is nothing where a request named more later, and all of it was raced for', () => {
    expect(told(repeated([...TWO_PASSES, ['C', 1], ['A', 3], ['B', 3], ['C', 2]]))).toEqual([]);
  });
});
