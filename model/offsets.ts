import type { Attempt } from './history.ts';
import { percentile } from './statistics.ts';
import type { Offsets } from './verdict-file.ts';

/** How far an attempt's release was off its plan, in milliseconds; undefined without a plan or a release. */
export function deviationMs({ plannedAtMs, releasedAtMs }: Attempt): number | undefined {
  return plannedAtMs === undefined || releasedAtMs === undefined ? undefined : Math.abs(releasedAtMs - plannedAtMs);
}

/** Undefined where all contenders were to be released at once, or nobody was released. */
export function offsetsOf(attempts: readonly Attempt[]): Offsets | undefined {
  const planned = attempts.flatMap((attempt) => attempt.plannedAtMs ?? []).toSorted((a, b) => a - b);
  const deviations = attempts.flatMap((attempt) => deviationMs(attempt) ?? []).toSorted((a, b) => a - b);
  const [first, last] = [planned[0], planned.at(-1)];
  const [median, worst] = [percentile(deviations, 0.5), deviations.at(-1)];
  if (first === undefined || last === undefined || median === undefined || worst === undefined) return undefined;
  return { plannedMs: last - first, medianDeviationMs: median, worstDeviationMs: worst };
}
