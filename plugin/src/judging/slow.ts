import { percentile, responseTimeMs, responseTimesMs } from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/** Were the answers too slow? Compares the 95th percentile of the response times with the limit. */
export const slow: Checker = ({ plan, attempts }) => {
  const times = responseTimesMs(attempts);
  const p95Ms = percentile(times, 0.95);
  const slowest = attempts.findLast((attempt) => responseTimeMs(attempt) === times.at(-1));
  if (p95Ms === undefined || slowest === undefined || p95Ms <= plan.limits.p95Ms) return [];
  return [
    {
      id: 'slow',
      message: `95 % of the answers took up to ${Math.round(p95Ms)} ms; allowed: ${plan.limits.p95Ms} ms`,
      witness: [slowest],
    },
  ];
};
