import { counted, describeProblem, RACE_STOPPED, sum } from '../../../model/index.ts';
import { type Checker, missingIn } from './evidence.ts';

/** How many problems are told. */
const MAX_TOLD = 3;

/**
 * Did everything happen that was planned, and nothing else? Silence is never a pass. A round with more contenders than
 * planned is no pass either: some of them came too late for the release and did not race.
 */
export const completeness: Checker = ({ plan, history, rounds: everyRound, alreadyTaken }) => {
  const { attempts, end } = history;
  // A race that stopped by itself is not to blame for the rounds after that; `no-answer` says why.
  const isStopped = history.problems.some(({ reason }) => reason === RACE_STOPPED);
  const problems = history.problems.filter(({ reason }) => reason !== RACE_STOPPED);
  const rounds = isStopped ? everyRound.filter((round) => round.attempts.length > 0) : everyRound;
  // If every inventory was taken before, there was nothing left to race for; `already-taken` says so.
  if (rounds.length === 0 && alreadyTaken.length > 0 && end?.reason === 'completed') return [];
  const planned = Math.max(rounds.length, 1) * plan.contenders;
  const missing = sum(rounds.map((round) => missingIn(round, plan)));
  const surplus = sum(rounds.map((round) => Math.max(0, round.attempts.length - plan.contenders)));
  const reasons = [
    attempts.length === 0
      ? 'not one attempt was made'
      : missing > 0
        ? `${(planned - missing).toLocaleString('en-US')} of ${counted(planned, 'planned attempt')} were made`
        : [],
    surplus > 0 ? `${counted(surplus, 'attempt')} more than planned ${surplus === 1 ? 'was' : 'were'} made` : [],
    end === undefined
      ? 'the run was cut off before its end'
      : end.reason === 'interrupted'
        ? 'the run was interrupted'
        : [],
    problems.slice(0, MAX_TOLD).map(describeProblem),
    problems.length > MAX_TOLD ? `${counted(problems.length - MAX_TOLD, 'more problem')}` : [],
  ].flat();
  if (reasons.length === 0) return [];
  return [{ id: 'incomplete', message: reasons.join('; '), witness: [] }];
};
