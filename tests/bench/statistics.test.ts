import { describe, expect, it } from 'vitest';
import { figuresOf, median, overRuns, quantile } from '../../bench/statistics.ts';

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
});
