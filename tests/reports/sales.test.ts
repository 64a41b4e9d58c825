import { describe, expect, test } from 'vitest';
import type { Amount, Conclusion } from '../../model/index.ts';
import { reportOf } from '../../reports/index.ts';
import { salesOf } from '../../reports/sales.ts';
import { history, ok, plan, refused, round, times, unanswered } from '../support/histories.ts';
import { doubleBooked, HELD_SEATS, HELD_THEN_CONFIRMED, inconclusive } from './samples.ts';

/** What became of a seat that four contenders were answered so, and of which the server holds so much. */
function kindOf(
  conclusions: readonly Conclusion[],
  { capacity = 1, stored }: { capacity?: number; stored?: Amount } = {},
) {
  const recorded = history(
    plan({ contenders: conclusions.length, inventories: [{ key: 'A', capacity }] }),
    round(1, 'A', conclusions),
  );
  const report = reportOf(recorded, [], { stored: new Map(stored === undefined ? [] : [['A', stored]]) });
  return salesOf(report)
    .counts.map(({ kind }) => kind)
    .join();
}

const won = (count: number) => times(count, () => ok());
const lost = (count: number) => times(count, () => refused());

describe('a seat', () => {
  test('was sold once, unsold or oversold, by the answers', () => {
    expect(kindOf([...won(1), ...lost(3)])).toBe('sold once');
    expect(kindOf(lost(4))).toBe('unsold');
    expect(kindOf([...won(2), ...lost(2)])).toBe('oversold');
  });

  test('is judged by what the server holds as well', () => {
    expect(kindOf([...won(1), ...lost(3)], { stored: 1 })).toBe('sold once');
    expect(kindOf([...won(1), ...lost(3)], { stored: 2 })).toBe('oversold');
    expect(kindOf([...won(1), ...lost(3)], { stored: 0 })).toBe('not stored');
    expect(kindOf(lost(4), { stored: 1 })).toBe('not told');
    expect(kindOf(lost(4), { stored: 0 })).toBe('unsold');
  });

  test('is not known where an answer is missing and nobody could ask', () => {
    expect(kindOf([unanswered(), ...lost(3)])).toBe('not known');
    expect(kindOf([unanswered(), ...won(1), ...lost(2)])).toBe('not known');
    expect(kindOf([unanswered(), ...won(1), ...lost(2)], { stored: 1 })).toBe('sold once');
    expect(kindOf([unanswered(), ...lost(3)], { stored: 0 })).toBe('unsold');
  });
});

test('of several units, some or all are sold', () => {
  expect(kindOf([...won(3), ...lost(5)], { capacity: 3 })).toBe('sold out');
  expect(kindOf([...won(2), ...lost(5)], { capacity: 3 })).toBe('sold in part');
  expect(kindOf([...won(4), ...lost(5)], { capacity: 3 })).toBe('oversold');
  // More units than contenders: nobody could have bought the last ones.
  expect(kindOf(won(2), { capacity: 3 })).toBe('sold out');
});

test('a seat that nobody went for was not raced', () => {
  expect(salesOf(inconclusive())).toEqual({
    raced: 2,
    unit: { one: 'seat', many: 'seats' },
    counts: [
      { kind: 'sold once', count: 1 },
      { kind: 'not known', count: 1 },
      { kind: 'not raced', count: 1 },
    ],
  });
});

test('a finding says that a seat was oversold', () => {
  expect(salesOf(doubleBooked()).counts).toEqual([
    { kind: 'sold once', count: 2 },
    { kind: 'oversold', count: 2 },
  ]);
});

test('a seat of several rounds counts once', () => {
  expect(salesOf(reportOf(history(HELD_SEATS, HELD_THEN_CONFIRMED), [])).raced).toBe(2);
});
