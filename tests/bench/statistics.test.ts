import { describe, expect, it } from 'vitest';
import { chanceOfSoFew, figuresOf, median, overRuns, quantile } from '../../bench/statistics.ts';

describe('statistics', () => {
  it('median is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(median([])).toBeNaN();
  });

  it('quantile takes the nearest rank', () => {
    const sixteen = Array.from({ length: 16 }, (_, index) => 16 - index);
    expect(quantile(sixteen, 0.9)).toBe(15);
    expect(quantile(sixteen, 1)).toBe(16);
    expect(quantile(sixteen, 0)).toBe(1);
    expect(quantile([], 0.9)).toBeNaN();
  });

  it('takes the first value as given, and the worst by size', () => {
    expect(figuresOf([3, 1, 2, 9])).toEqual({ median: 2.5, p90: 9, worst: 9, first: 3 });
  });

  it('overRuns takes the median of each figure, but the worst of all runs', () => {
    const run = (value: number, worst: number) => ({ median: value, p90: value * 2, worst, first: value * 3 });
    expect(overRuns([run(1, 50), run(3, 7), run(2, 8)])).toEqual({ median: 2, p90: 4, worst: 50, first: 6 });
  });

  it('chanceOfSoFew is Fisher’s exact test', () => {
    const chance = (hits: number, of: number, other: number, ofOthers: number) =>
      chanceOfSoFew({ hits, tries: of }, { hits: other, tries: ofOthers });
    // The lady who tastes tea (Fisher, The Design of Experiments, 1935): 1, 16, 36, 16 and 1 of 70 ways.
    expect(chance(0, 4, 4, 4)).toBeCloseTo(1 / 70);
    expect(chance(1, 4, 3, 4)).toBeCloseTo(17 / 70);
    expect(chance(4, 4, 0, 4)).toBeCloseTo(1);
    expect(chance(36, 48, 48, 48)).toBeLessThan(0.001);
    expect(chance(48, 48, 48, 48)).toBe(1);
    expect(chance(500, 1000, 520, 1000)).toBeGreaterThan(0.1);
  });
});
