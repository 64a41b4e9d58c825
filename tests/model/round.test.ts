import { describe, expect, it } from 'vitest';
import { type Attempt, type Conclusion, isUnanswered, overlapOf, roundsOf, spreadOf } from '../../model/index.ts';
import { ok, plan, refused, round, serverError, unanswered } from '../support/histories.ts';

/** Attempts at one seat, each from release to completion; undefined: never released. */
const flights = (
  ...times: readonly (readonly [releasedAtMs: number | undefined, completedAtMs: number])[]
): Attempt[] =>
  times.map(([releasedAtMs, completedAtMs], index) => ({
    ...refused(),
    round: 1,
    inventory: 'A',
    vu: index + 1,
    ...(releasedAtMs === undefined ? {} : { releasedAtMs }),
    completedAtMs,
  }));

const unplanned = plan({ inventories: [] });
const shape = (attempts: readonly Attempt[], ofPlan = unplanned) =>
  roundsOf(ofPlan, attempts).map(({ number, inventory }) => [number, inventory.key, inventory.capacity]);

describe('rounds', () => {
  it('that nobody planned come by number, then by inventory, in whatever order they were recorded', () => {
    const [a, b, c] = [round(1, 'A', [ok()]), round(1, 'B', [ok()]), round(2, 'A', [ok()])];
    const expected = [
      [1, 'A', 1],
      [1, 'B', 1],
      [2, 'A', 1],
    ];
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
      [c, a, b],
    ]) {
      expect(shape(order.flat())).toEqual(expected);
    }
  });

  it('that repeat are raced under other numbers than their positions in the plan, where a request names more later', () => {
    const seats = ['A', 'B', 'C'].map((key) => ({ key, capacity: 1 }));
    const planned = plan({ inventories: seats, repeat: { times: 2, stop: 'never' } });
    const passes = ['A', 'B', 'A', 'B', 'C'];
    const raced = passes.map((key, index) => round(index + 1, key, [ok()]));
    const expected = passes.map((key, index) => [index + 1, key, 1]);
    expect(shape(raced.flat(), planned)).toEqual(expected);
    // A round that nobody raced in is still there.
    expect(shape(raced.filter((_, index) => index !== 1).flat(), planned)).toEqual(expected);
  });

  it('that nobody planned come after the planned ones, which are there even without attempts', () => {
    const planned = plan({
      inventories: [
        { key: 'A', capacity: 1 },
        { key: 'B', capacity: 5 },
      ],
    });
    expect(shape(round(3, 'B', [ok()]), planned)).toEqual([
      [1, 'A', 1],
      [2, 'B', 5],
      [3, 'B', 5],
    ]);
    expect(shape(round(3, 'X', [ok()]), planned).at(-1)).toEqual([3, 'X', 1]);
    expect(roundsOf(planned, [])[0]).toEqual({
      number: 1,
      inventory: { key: 'A', capacity: 1 },
      attempts: [],
      unjudged: [],
      planned: 4,
      spreadMs: undefined,
      overlap: 0,
    });
  });

  it('have their attempts in the order of release; at one instant, or without a release, by the number of the VU', () => {
    const attempts = flights([7, 9], [5, 9], [5, 9], [undefined, 9], [undefined, 9], [6, 9]);
    const vus = (recorded: Attempt[]) => roundsOf(plan(), recorded)[0]?.attempts.map(({ vu }) => vu);
    expect(vus(attempts)).toEqual([2, 3, 6, 1, 4, 5]);
    expect(vus(attempts.toReversed())).toEqual([2, 3, 6, 1, 4, 5]);
  });
});

describe('the spread', () => {
  it('is from the first release to the last', () => {
    expect(spreadOf(flights([3, 9], [1.5, 9], [undefined, 9], [4, 9]))).toBe(2.5);
    expect(spreadOf(flights([1, 9], [3, 9]))).toBe(2);
  });

  it('is unknown if fewer than two were released', () => {
    expect(spreadOf([])).toBeUndefined();
    expect(spreadOf(flights([1, 9], [undefined, 9]))).toBeUndefined();
  });
});

describe('the overlap', () => {
  it('is the peak of attempts in flight at once', () => {
    expect(overlapOf([])).toBe(0);
    expect(overlapOf(flights([0, 10], [5, 15], [6, 7], [12, 20]))).toBe(3);
  });

  it('counts neither attempts that were not released, nor two that only touch', () => {
    expect(overlapOf(flights([0, 10], [undefined, 10], [undefined, 10]))).toBe(1);
    expect(overlapOf(flights([10, 20], [0, 10]))).toBe(1);
    expect(overlapOf(flights([0, 10], [10, 20]))).toBe(1);
  });
});

describe('a round in which nobody was answered', () => {
  const early = ({ releasedAtMs: _, ...attempt }: Attempt): Attempt => attempt;
  const unreleased = (...attempts: readonly Attempt[]) => attempts.map(early);
  const hanging = round(1, 'A', [unanswered(), unanswered('reset'), unanswered('unreachable')]);
  const lostBody = { ...serverError().answer, bodyLost: 'the connection was closed' };

  it.each<[string, readonly Attempt[], boolean]>([
    ['everybody waits in vain', hanging, true],
    ['nobody was even released', unreleased(...hanging), true],
    ['one was answered before the release', [...hanging, ...unreleased(...round(1, 'A', [refused(401)]))], true],
    ['the end of the run cut one short', [...hanging, ...round(1, 'A', [unanswered('aborted')])], true],
    ['one was refused', [...hanging, ...round(1, 'A', [refused()])], false],
    ['one got a 500', [...hanging, ...round(1, 'A', [serverError()])], false],
    [
      'one got a status and half a body',
      [...hanging, ...round(1, 'A', [{ ...serverError(), answer: lostBody } as Conclusion])],
      false,
    ],
    ['the end of the run cut all short', round(1, 'A', [unanswered('aborted')]), false],
    ['nobody came', [], false],
  ])('%s', (_what, attempts, expected) => {
    expect(isUnanswered(attempts)).toBe(expected);
  });
});
