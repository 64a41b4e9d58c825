import { maxOf, percentile, sum } from '../model/statistics.ts';

/** The percentile of values in any order; NaN without values. */
export const quantile = (values: readonly number[], share: number): number =>
  percentile(
    values.toSorted((a, b) => a - b),
    share,
  ) ?? Number.NaN;

/** The middle value, or the mean of the two in the middle; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** The figures of one run of an arm. */
export interface Figures {
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
  /** The first value in the given order, which is the first round. */
  readonly first: number;
}

/** @param values one for each round, in the order of the rounds */
export function figuresOf(values: readonly number[]): Figures {
  return {
    median: median(values),
    p90: quantile(values, 0.9),
    worst: quantile(values, 1),
    first: values[0] ?? Number.NaN,
  };
}

/** Combines the runs of an arm: the median of each figure, except the worst, which is the worst of all runs. */
export function overRuns(runs: readonly Figures[]): Figures {
  const middle = (pick: (figures: Figures) => number) => median(runs.map(pick));
  return {
    median: middle((run) => run.median),
    p90: middle((run) => run.p90),
    worst: Math.max(...runs.map((run) => run.worst)),
    first: middle((run) => run.first),
  };
}

/** So many of so many tries. */
export interface Share {
  readonly hits: number;
  readonly tries: number;
}

/**
 * How likely `own` has so few hits, or fewer, where both hit equally often: Fisher's exact test, one-sided. Of all hits, those
 * that fall to `own` are a draw without putting back.
 */
export function chanceOfSoFew(own: Share, other: Share): number {
  const hits = own.hits + other.hits;
  const most = Math.min(own.tries, hits);
  const least = Math.max(0, hits - other.tries);
  // As logarithms, because the numbers of ways are too large for a number.
  const ways = [0];
  for (let drawn = least; drawn < most; drawn++) {
    const ratio = ((own.tries - drawn) * (hits - drawn)) / ((drawn + 1) * (other.tries - hits + drawn + 1));
    ways.push((ways.at(-1) ?? 0) + Math.log(ratio));
  }
  const greatest = maxOf(ways);
  const weights = ways.map((one) => Math.exp(one - greatest));
  return sum(weights.slice(0, own.hits - least + 1)) / sum(weights);
}
