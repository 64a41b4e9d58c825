import type { Attempt } from './attempt.ts';

/** How the offsets of a round were kept, whose contenders were let go one after the other on purpose. */
export interface Offsets {
  /** Last planned release minus first, in milliseconds. */
  readonly plannedMs: number;
  /** How far off its plan a release was, in milliseconds. */
  readonly medianDeviationMs: number;
  readonly worstDeviationMs: number;
}

/** How far off its plan an attempt was let go, in milliseconds; undefined where it had none, or was not let go. */
export function deviationMs({ plannedAtMs, releasedAtMs }: Attempt): number | undefined {
  return plannedAtMs === undefined || releasedAtMs === undefined ? undefined : Math.abs(releasedAtMs - plannedAtMs);
}

/** Undefined where the contenders were to be let go at once, or none was let go. */
export function offsetsOf(attempts: readonly Attempt[]): Offsets | undefined {
  const planned = attempts.flatMap((attempt) => attempt.plannedAtMs ?? []).toSorted((a, b) => a - b);
  const deviations = attempts.flatMap((attempt) => deviationMs(attempt) ?? []).toSorted((a, b) => a - b);
  const [first, last, worst] = [planned[0], planned.at(-1), deviations.at(-1)];
  if (first === undefined || last === undefined || worst === undefined) return undefined;
  const median = deviations[Math.ceil(deviations.length / 2) - 1] ?? worst;
  return { plannedMs: last - first, medianDeviationMs: median, worstDeviationMs: worst };
}
