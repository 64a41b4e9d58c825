import {
  type Attempt,
  amountWanted,
  capacityOf,
  compareAmounts,
  counted,
  grantedTo,
  isOldHistory,
  minus,
  named,
  type Plan,
  statusOf,
  withOutcome,
  wordingOf,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Evidence, type Found, isUnsettled, subjectOf } from './evidence.ts';

/**
 * Did nobody get it, although somebody should have? Only a violation if something else shows that the request itself is right:
 * somebody got something in this run, or refusals differ. Otherwise {@link requestRefused} says what is known.
 */
export const noWinner: Checker = (evidence) =>
  isRequestProven(evidence)
    ? contestsLost(evidence)
        .filter(somebodyCouldWin)
        .map((contest) =>
          isResetUnknown(contest, evidence.plan) ? perhapsNotReset(contest, evidence) : nobodyGot(contest, evidence),
        )
    : [];

/**
 * Whether it may still have been sold from the visit before: it was to be freed since, and nobody could ask the server whether
 * it was.
 */
export const isResetUnknown = ({ visit = 1, isBeforeUnknown, beforeError }: Contest, { readBack }: Plan): boolean =>
  visit > 1 && (!readBack || isBeforeUnknown || beforeError !== undefined);

/** The same as `no-winner`, where a reset that failed would explain it. */
const perhapsNotReset = (contest: Contest, { history }: Evidence): Found => ({
  id: 'reset-failed',
  ...subjectOf(contest),
  message:
    `nobody got ${named(history.run.label, contest.inventory.key)} in visit ${contest.visit}: its reset may have failed, and no ` +
    'read-back said before that it was free again',
  witness: contest.attempts.slice(0, 1),
});

/** Whoever wants more than there is, is rightly refused. */
const somebodyCouldWin = ({ inventory, attempts, soldBefore }: Contest): boolean => {
  const left = minus(capacityOf(inventory), soldBefore);
  return attempts.some((attempt) => attempt.units === undefined || compareAmounts(amountWanted(attempt), left) <= 0);
};

function nobodyGot(contest: Contest, { history }: Evidence): Found {
  const { inventory, attempts } = contest;
  const isDefinite = attempts.every(({ outcome }) => outcome !== 'info');
  const refused = [
    'was refused',
    ...(withOutcome(attempts, 'ok').length > 0 ? ['granted nothing'] : []),
    ...(isDefinite ? [] : ['left without an answer, and the server says it is free']),
  ].join(' or ');
  return {
    id: 'no-winner',
    ...subjectOf(contest),
    message: `nobody got ${named(history.run.label, inventory.key)}: each of ${counted(attempts.length, 'attempt')} ${refused}`,
    witness: attempts.slice(0, 1),
  };
}

/**
 * Was everybody refused in the same way, whatever they went for? Then the request itself may be wrong, and nothing was raced.
 * It may also be that the server sells to nobody; nobody can tell the two apart from here.
 */
export const requestRefused: Checker = (evidence) => {
  const refusals = withOutcome(
    contestsLost(evidence).flatMap(({ attempts }) => attempts),
    'fail',
  );
  const [first] = refusals;
  if (first === undefined || isRequestProven(evidence)) return [];
  const message =
    `${counted(refusals.length, 'attempt')} ${refusals.length === 1 ? 'was' : 'were'} refused, all in the same way, ` +
    `so your request may be wrong: ${first.answer.status} ${textOf(first)}`;
  return [{ id: 'request-refused', message: message.trim(), witness: [first] }];
};

/** Whether {@link requestRefused} says what these refusals mean. */
export const isRequestInDoubt = (evidence: Evidence): boolean =>
  contestsLost(evidence).length > 0 && !isRequestProven(evidence);

/** The request is right if somebody got something with it, or if it was refused for more than one reason. */
export function isRequestProven({ history, attempts, inventories }: Evidence): boolean {
  if (isOldHistory(history) || withOutcome(attempts, 'ok').length > 0) return true;
  if (inventories.some(({ gainedUnits }) => gainedUnits > 0)) return true;
  const refusals = withOutcome(attempts, 'fail').filter(({ reason }) => reason === 'lost');
  return new Set(refusals.map((attempt) => `${statusOf(attempt)} ${wordingOf(attempt)}`)).size > 1;
}

/** Inventories that everybody went for in vain. */
const contestsLost = ({ history, inventories }: Evidence): Contest[] =>
  inventories.filter((contest) => isLost(contest, isOldHistory(history)));

/**
 * Whether nobody can have got it. Contenders that were not let in (401, 403, 429) did not compete. An attempt that is unknown or
 * missing may have won, unless the read-back says that the inventory is free. Nobody knows what an accepted request (202) or an
 * answer that nobody understood means, and a round without any refusal is one in which the server broke.
 */
function isLost(contest: Contest, isOld: boolean): boolean {
  const { attempts, storedUnits, unitsBefore, missing } = contest;
  const winners = withOutcome(attempts, 'ok');
  // A success that grants nothing, by its own words, is no win.
  if (attempts.length === 0 || winners.some((winner) => isOld || grantedTo(winner) > 0)) return false;
  const losers = withOutcome(attempts, 'fail');
  const unknown = withOutcome(attempts, 'info');
  if (losers.some(({ reason }) => reason !== 'lost') || unknown.some(isUnclear)) return false;
  if (losers.length + winners.length === 0 && !isOld) return false;
  if (storedUnits !== undefined && !isUnsettled(contest)) return storedUnits <= unitsBefore;
  return unknown.length + missing === 0 && (isOld || !mayBeSold(contest));
}

/** The server says that it was sold in this race, or nobody could read what it said before. */
const mayBeSold = ({ gainedUnits, beforeError, cannotCount, isBeforeUnknown }: Contest): boolean =>
  gainedUnits > 0 || beforeError !== undefined || (cannotCount && isBeforeUnknown);

export const isUnclear = ({ cause }: Attempt & { readonly outcome: 'info' }) =>
  cause === 'pending' || cause === 'unrecognised' || cause === 'ambiguous';

const SHOWN_TEXT = 200;

/** What the answer says, on one line: the body shows more than the message. */
function textOf({ answer, message = '' }: Attempt & { readonly outcome: 'fail' }): string {
  const text = (answer.body.trim() === '' ? message : answer.body).replace(/\s+/g, ' ').trim();
  return text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT - 1)}…` : text;
}
