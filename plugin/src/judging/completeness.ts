import { counted, describeProblem, type History, isStop, type Plan, type Round, sum } from '../../../model/index.ts';
import { type Checker, missingIn } from './evidence.ts';

/** How many problems are told. */
const MAX_TOLD = 3;

/**
 * Did everything happen that was planned, and nothing else? Silence is never a pass. A round with more contenders than
 * planned is no pass either: some of them came too late for the release and did not race.
 */
export const completeness: Checker = ({ plan, history, rounds: everyRound, alreadyTaken }) => {
  const { attempts, end, folded = { planned: 0, missing: 0, surplus: 0 } } = history;
  // A race that stopped by itself is not to blame for the rounds after that; `no-answer` says why.
  const isStopped = history.problems.some(isStop);
  // `setup-failed` says why the rounds after it were not raced.
  const isUnprepared = history.problems.some(({ setup }) => setup === true);
  const problems = history.problems.filter(
    (problem) => !isStop(problem) && problem.setup !== true && !(plan.anyItem === true && problem.vus.length > 0),
  );
  const rounds = isStopped || isUnprepared ? everyRound.filter((round) => round.attempts.length > 0) : everyRound;
  // If every inventory was taken before, there was nothing left to race for; `already-taken` says so.
  if (rounds.length === 0 && alreadyTaken.length > 0 && end?.reason === 'completed') return [];
  const stopped = repeatsStopped(plan, end);
  const planned = rounds.length === 0 ? plan.contenders : folded.planned + sum(rounds.map((round) => round.planned));
  const missing = folded.missing + sum(rounds.map(missingIn));
  const surplus = folded.surplus + sum(rounds.map(surplusIn));
  const reasons = [
    attempts.length === 0 && !isUnprepared
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
    stopped ?? [],
    problems.slice(0, MAX_TOLD).map(describeProblem),
    problems.length > MAX_TOLD ? `${counted(problems.length - MAX_TOLD, 'more problem')}` : [],
  ].flat();
  if (reasons.length === 0) return [];
  return [{ id: 'incomplete', message: reasons.join('; '), witness: [] }];
};

/** How many attempts a round has more than planned. */
export const surplusIn = ({ attempts, planned }: Round): number => Math.max(0, attempts.length - planned);

/** Why rounds did not repeat as planned; undefined where they did, and where something else says it. */
function repeatsStopped({ repeat }: Plan, end: History['end']): string | undefined {
  if (repeat === undefined || end?.reason !== 'completed') return undefined;
  switch (end.repeated) {
    case 'done':
    case 'violation':
      return undefined;
    case 'out of reach':
      return 'the rounds ended before their time: too few of them counted, so going on would have proven nothing more';
    case 'nothing left':
      return 'the rounds ended before their time: the request for inventories named nothing new';
    case undefined:
      return 'the rounds ended before their time';
  }
}
