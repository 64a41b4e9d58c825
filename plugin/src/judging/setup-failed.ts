import { describeProblem } from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/** Did what prepares a round work? A round whose preparation failed was not raced. */
export const setupFailed: Checker = ({ history }) =>
  history.problems
    .filter(({ setup }) => setup === true)
    .map((problem) => ({ id: 'setup-failed', message: describeProblem(problem), witness: [] }));
