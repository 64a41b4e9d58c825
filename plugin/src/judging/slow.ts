import { type Attempt, ascending, isOldHistory, percentile, responseTimeMs, timesMs } from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/** Were the answers too slow? Compares the 95th percentile of the response times with the limit. */
export const slow: Checker = ({ plan, history, attempts }) => {
  const timeOf = isOldHistory(history) ? waitedMs : responseTimeMs;
  const own = timesMs(attempts, timeOf);
  const times = history.folded === undefined ? own : ascending([own, history.folded.responseTimesMs]);
  const p95Ms = percentile(times, 0.95);
  // The round with the slowest answer is always kept.
  const slowest = p95Ms === undefined ? undefined : attempts.findLast((attempt) => timeOf(attempt) === times.at(-1));
  if (p95Ms === undefined || slowest === undefined || p95Ms <= plan.limits.p95Ms) return [];
  return [
    {
      id: 'slow',
      message: `95 % of the answers took up to ${Math.round(p95Ms)} ms; allowed: ${plan.limits.p95Ms} ms`,
      witness: [slowest],
    },
  ];
};

/** Before version 3, an attempt without an answer counted until its timeout. */
function waitedMs(attempt: Attempt): number | undefined {
  if (attempt.releasedAtMs === undefined || (attempt.outcome === 'info' && attempt.cause === 'aborted'))
    return undefined;
  return attempt.completedAtMs - attempt.releasedAtMs;
}
