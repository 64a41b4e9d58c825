import type { Contention, RoundSummary, VerdictFile } from '../model/index.ts';
import { formatMs, formatSpread } from './units.ts';

/** The spread of a round in words: `1.2 ms`, or at offsets `20.1 ms (planned 20.0 ms, kept within 0.12 ms)`. */
export function spreadText({
  spreadMs,
  spreadErrorMs,
  offsets,
}: Pick<RoundSummary, 'spreadMs' | 'spreadErrorMs' | 'offsets'>): string {
  if (offsets === undefined) return formatSpread(spreadMs, spreadErrorMs);
  return `${formatMs(spreadMs)} (planned ${formatMs(offsets.plannedMs)}, kept within ${formatMs(offsets.worstDeviationMs)})`;
}

/** `spread median 0.25 ms, worst 0.38 ms; at least 2 of 4 at once`; without the end where nobody was at the target. */
export function contentionText({
  contention,
  vus,
  totals,
}: Pick<VerdictFile, 'contention' | 'vus' | 'totals'>): string {
  const { medianSpreadMs, worstSpreadMs, spreadErrorMs, smallestOverlap } = contention;
  const [median, worst] = [medianSpreadMs, worstSpreadMs].map((ms) => formatSpread(ms, spreadErrorMs));
  const spread = `spread median ${median}, worst ${worst}`;
  return totals.requests === 0 ? spread : `${spread}; at least ${smallestOverlap} of ${vus} at once`;
}

/** `kept within 0.08 ms at the median, 0.41 ms at the worst`; undefined for a run without offsets. */
export function offsetsText({ offsets }: Contention): string | undefined {
  if (offsets === undefined) return undefined;
  return `kept within ${formatMs(offsets.medianDeviationMs)} at the median, ${formatMs(offsets.worstDeviationMs)} at the worst`;
}

/** The part of the spread of a round that nobody planned. */
export const unplannedSpreadMs = ({
  spreadMs,
  offsets,
}: Pick<RoundSummary, 'spreadMs' | 'offsets'>): number | undefined => offsets?.worstDeviationMs ?? spreadMs;
