import { responseTimeMs, responseTimesMs } from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/** Were the answers too slow? The 95th percentile (nearest rank) of the times from release to complete answer. */
export const slow: Checker = ({ plan, attempts }) => {
  const times = responseTimesMs(attempts);
  const p95Ms = times[Math.ceil(times.length * 0.95) - 1];
  const slowest = attempts.findLast((attempt) => responseTimeMs(attempt) === times.at(-1));
  if (p95Ms === undefined || slowest === undefined || p95Ms <= plan.limits.p95Ms) return [];
  return [
    {
      id: 'slow',
      severity: 'violation',
      message: `95 % of the answers took up to ${Math.round(p95Ms)} ms; allowed: ${plan.limits.p95Ms} ms`,
      witness: [slowest],
    },
  ];
};
