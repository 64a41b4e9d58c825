import { type Attempt, counted, statusOf, sum } from '../../../model/index.ts';
import { type Checker, tallyText } from './evidence.ts';
import { oneOfEachStatus } from './refusals.ts';

/** Did the server break under the race? */
export const serverErrors: Checker = ({ plan, attempts, history: { folded } }) => {
  const errors = serverErrorsIn(attempts);
  const counts = new Map(folded?.serverErrors);
  for (const [status, same] of Map.groupBy(errors, (attempt) => statusOf(attempt) ?? 0))
    counts.set(status, (counts.get(status) ?? 0) + same.length);
  const count = sum([...counts.values()]);
  if (count <= plan.limits.serverErrors) return [];
  return [
    {
      id: 'server-error',
      message: `${counted(count, 'answer')} 5xx: ${tallyText(counts)}; allowed: ${plan.limits.serverErrors}`,
      witness: oneOfEachStatus(errors),
    },
  ];
};

/** The answers by which the server broke. */
export const serverErrorsIn = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.filter((attempt) => (statusOf(attempt) ?? 0) >= 500 && attempt.outcome === 'info');
