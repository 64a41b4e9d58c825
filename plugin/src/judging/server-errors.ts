import { statusOf } from '../../../model/index.ts';
import { type Checker, counted, tally } from './evidence.ts';

/** Did the server break under the race? 599 is the gate's own, and not the server's. */
export const serverErrors: Checker = ({ plan, attempts }) => {
  const errors = attempts.filter((attempt) => {
    const status = statusOf(attempt);
    return status !== undefined && status >= 500 && attempt.outcome === 'info';
  });
  if (errors.length <= plan.limits.serverErrors) return [];
  const byStatus = Map.groupBy(errors, statusOf);
  return [
    {
      id: 'server-error',
      severity: 'violation',
      message: `${counted(errors.length, 'answer')} 5xx: ${tally(errors, statusOf)}; allowed: ${plan.limits.serverErrors}`,
      witness: [...byStatus.values()].flatMap((its) => its.slice(0, 1)),
    },
  ];
};
