import { type Attempt, counted, grantedTo, named, statusOf, withOutcome, wordingOf } from '../../../model/index.ts';
import { type Checker, type Contest, subjectOf } from './evidence.ts';

/** Did nobody understand a single answer? Then the request or the settings of the outcome are wrong, and nothing is proven. */
export const unrecognised: Checker = ({ history, inventories }) =>
  inventories.filter(isUnrecognised).map((contest) => {
    const strange = contest.attempts.filter(isStrange);
    const recognised = contest.attempts.filter(isAnswered).length - strange.length;
    const what =
      recognised === 0
        ? 'no answer was recognised'
        : `nobody got it, and ${counted(strange.length, 'answer')} ${strange.length === 1 ? 'was' : 'were'} not recognised`;
    const byText = Map.groupBy(strange, (attempt) => `${statusOf(attempt)} ${wordingOf(attempt)}`.trim());
    const groups = [...byText].toSorted(([, a], [, b]) => b.length - a.length);
    const texts = groups
      .slice(0, SHOWN_TEXTS)
      .map(([text, same]) => `${same.length.toLocaleString('en-US')} × ${text}`);
    const more = groups.length > texts.length ? ` · ${groups.length - texts.length} more` : '';
    return {
      id: 'unrecognised',
      ...subjectOf(contest),
      message: `${named(history.run.label, contest.inventory.key)}: ${what}: ${texts.join(' · ')}${more}`,
      witness: groups.slice(0, SHOWN_TEXTS).flatMap(([, same]) => same.slice(0, 1)),
    };
  });

const SHOWN_TEXTS = 5;

/**
 * Whether every answer about an inventory fits neither `outcome.success` nor `outcome.refusal`, or both. Where nobody got it,
 * one of them is enough: it may be the answer to the winner.
 */
export function isUnrecognised({ attempts, storedUnits, unitsBefore }: Contest): boolean {
  const answered = attempts.filter(isAnswered);
  const strange = answered.filter(isStrange);
  const nobodyGotIt =
    withOutcome(attempts, 'ok').every((winner) => grantedTo(winner) === 0) && (storedUnits ?? Infinity) <= unitsBefore;
  return strange.length > 0 && (nobodyGotIt || strange.length === answered.length);
}

const isStrange = (attempt: Attempt) =>
  attempt.outcome === 'info' && (attempt.cause === 'unrecognised' || attempt.cause === 'ambiguous');

const isAnswered = ({ answer }: Attempt) => answer.kind === 'answered';
