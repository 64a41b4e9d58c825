import { counted, statusOf } from '../../../model/index.ts';
import { type Checker, tally } from './evidence.ts';
import { oneOfEachStatus } from './refusals.ts';

/** Did the server break under the race? */
export const serverErrors: Checker = ({ plan, attempts }) => {
  const errors = attempts.filter((attempt) => (statusOf(attempt) ?? 0) >= 500 && attempt.outcome === 'info');
  if (errors.length <= plan.limits.serverErrors) return [];
  return [
    {
      id: 'server-error',
      message: `${counted(errors.length, 'answer')} 5xx: ${tally(errors, statusOf)}; allowed: ${plan.limits.serverErrors}`,
      witness: oneOfEachStatus(errors),
    },
  ];
};
