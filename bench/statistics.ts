/** The value below which the given share of the values lies: the nearest rank, so always one of the values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** One run of an arm, in figures. */
export interface Figures {
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
  /** The first value, in the order given: of the first round. */
  readonly first: number;
}

export function figuresOf(values: readonly number[]): Figures {
  return {
    median: median(values),
    p90: quantile(values, 0.9),
    worst: quantile(values, 1),
    first: values[0] ?? Number.NaN,
  };
}

/** Several runs of an arm: each figure is the median of the runs', but for the worst, which is the worst of all. */
export function overRuns(runs: readonly Figures[]): Figures {
  const middle = (pick: (figures: Figures) => number) => median(runs.map(pick));
  return {
    median: middle((run) => run.median),
    p90: middle((run) => run.p90),
    worst: Math.max(...runs.map((run) => run.worst)),
    first: middle((run) => run.first),
  };
}
