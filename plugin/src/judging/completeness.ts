import { type Checker, counted, missingIn } from './evidence.ts';

/**
 * Did everything happen that was planned, and nothing else? Silence is never a pass; nor is a round of more contenders than
 * were to meet, because those who came too late for the release did not race.
 */
export const completeness: Checker = ({ plan, history, rounds, alreadyTaken }) => {
  const { attempts, end, problems } = history;
  // With every inventory taken before, there was nothing left to go for; that is said elsewhere.
  if (rounds.length === 0 && alreadyTaken.length > 0 && end?.reason === 'completed') return [];
  const planned = Math.max(rounds.length, 1) * plan.contenders;
  const missing = rounds.reduce((sum, round) => sum + missingIn(round, plan), 0);
  const surplus = rounds.reduce((sum, round) => sum + Math.max(0, round.attempts.length - plan.contenders), 0);
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
    problems.slice(0, 1),
  ].flat();
  if (reasons.length === 0) return [];
  return [{ id: 'incomplete', severity: 'doubt', message: reasons.join('; '), witness: [] }];
};
