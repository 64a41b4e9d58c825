import { type Attempt, counted, type InfoCause, isOldHistory, isUnanswered } from '../../../model/index.ts';
import { type Checker, tally } from './evidence.ts';

/** Were there rounds in which nobody got an answer? Then nobody knows what the server does in a race. */
export const noAnswer: Checker = ({ history, rounds }) => {
  const silent = isOldHistory(history) ? [] : rounds.filter(({ attempts }) => isUnanswered(attempts));
  if (silent.length === 0) return [];
  const { silent: moreSilent = 0, rounds: more = new Set() } = history.folded ?? {};
  const byCause = Map.groupBy(
    silent.flatMap(({ attempts }) => attempts).filter(({ answer }) => answer.kind === 'unanswered'),
    causeOf,
  );
  const unanswered = [...byCause.values()].flat();
  return [
    {
      id: 'no-answer',
      message:
        `nobody got an answer in ${counted(silent.length + moreSilent, 'round')} of ${rounds.length + more.size}: ` +
        `${counted(unanswered.length, 'attempt')} ended with ${tally(unanswered, causeOf)}`,
      witness: [...byCause.values()].flatMap((same) => same.slice(0, 1)),
    },
  ];
};

const causeOf = (attempt: Attempt): InfoCause | undefined => (attempt.outcome === 'info' ? attempt.cause : undefined);
