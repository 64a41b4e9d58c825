import { type Attempt, statusOf, withOutcome, wordingOf } from '../../../model/index.ts';
import { type Checker, type Contest, subjectOf } from './evidence.ts';

/** Did nobody understand a single answer? Then the request or the settings of the outcome are wrong, and nothing is proven. */
export const unrecognised: Checker = ({ history, inventories }) =>
  inventories.filter(isUnrecognised).map((contest) => {
    const byText = Map.groupBy(contest.attempts.filter(isAnswered), (attempt) =>
      `${statusOf(attempt)} ${wordingOf(attempt)}`.trim(),
    );
    const groups = [...byText].toSorted(([, a], [, b]) => b.length - a.length);
    const texts = groups
      .slice(0, SHOWN_TEXTS)
      .map(([text, same]) => `${same.length.toLocaleString('en-US')} × ${text}`);
    const more = groups.length > texts.length ? ` · ${groups.length - texts.length} more` : '';
    return {
      id: 'unrecognised',
      ...subjectOf(contest),
      message: `${history.run.label} ${contest.inventory.key}: no answer was recognised: ${texts.join(' · ')}${more}`,
      witness: groups.slice(0, SHOWN_TEXTS).flatMap(([, same]) => same.slice(0, 1)),
    };
  });

const SHOWN_TEXTS = 5;

/** Whether every answer about an inventory fits neither `outcome.success` nor `outcome.refusal`, or both. */
export function isUnrecognised({ attempts }: Pick<Contest, 'attempts'>): boolean {
  const answered = attempts.filter(isAnswered);
  const strange = withOutcome(answered, 'info').filter(
    ({ cause }) => cause === 'unrecognised' || cause === 'ambiguous',
  );
  return answered.length > 0 && strange.length === answered.length;
}

const isAnswered = ({ answer }: Attempt) => answer.kind === 'answered';
