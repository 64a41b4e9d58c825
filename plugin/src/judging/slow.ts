import { responseTimeMs } from '../model/index.ts';
import type { Checker } from './evidence.ts';

/** Were the answers too slow? The 95th percentile (nearest rank) of the times from release to complete answer. */
export const slow: Checker = ({ plan, attempts }) => {
  const timed = attempts
    .flatMap((attempt) => {
      const timeMs = responseTimeMs(attempt);
      return timeMs === undefined ? [] : [{ attempt, timeMs }];
    })
    .toSorted((a, b) => a.timeMs - b.timeMs);
  const p95Ms = timed[Math.ceil(timed.length * 0.95) - 1]?.timeMs;
  const slowest = timed.at(-1);
  if (p95Ms === undefined || slowest === undefined || p95Ms <= plan.limits.p95Ms) return [];
  return [
    {
      id: 'slow',
      severity: 'violation',
      message: `95 % of the answers took up to ${Math.round(p95Ms)} ms; allowed: ${plan.limits.p95Ms} ms`,
      witness: [slowest.attempt],
    },
  ];
};
