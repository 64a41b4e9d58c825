import {
  type Attempt,
  counted,
  grantedTo,
  operationOf,
  type RuleRow,
  ruleOf,
  statusOf,
  sum,
  unitsOf,
  userOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, subjectOf, tally } from './evidence.ts';

type Unknown = Attempt & { readonly outcome: 'info' };

/**
 * Is there an attempt whose outcome nobody knows? A read-back settles whether it booked: the server says how many units are
 * sold, and other checkers judge that number. But it does not say what the contenders were told. If more of them than there
 * are units may have been told that they booked, that stays a doubt.
 */
export const indeterminate: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    const unknown = withOutcome(contest.attempts, 'info');
    const isSettled = contest.storedUnits !== undefined;
    const open = isSettled ? promisedInExcess(contest, ruleOf(plan)) : unknown;
    const [first] = open;
    if (first === undefined) return [];
    const what = isSettled ? promises(open) : doubts(open);
    const message = `${history.run.label} ${contest.inventory.key}: ${what}`;
    return [{ id: 'indeterminate', ...subjectOf(contest), message, witness: [first] }];
  });

const promises = (open: readonly Unknown[]) =>
  `${counted(open.length, 'answer')} ${open.length === 1 ? 'is' : 'are'} neither a success nor a refusal as configured: ` +
  `${tally(open, statusOf)}; the read-back says what is stored, not what was promised`;

function doubts(open: readonly Unknown[]): string {
  const count = counted(open.length, 'attempt');
  if (open.every(({ cause }) => cause === 'unreachable')) return `${count} never reached the server`;
  return `${count} may or may not have booked it: ${tally(open, ({ cause }) => cause)}`;
}

/** Answers that may have been a yes, if with them more was promised than there is. */
function promisedInExcess({ attempts, inventory, unitsBefore }: Contest, { successes }: RuleRow): Unknown[] {
  const unclear = withOutcome(attempts, 'info').filter((attempt) => attempt.mayPromise === true && isTaking(attempt));
  const yes = [...withOutcome(attempts, 'ok').filter(isTaking), ...unclear];
  if (inventory.parts !== undefined) {
    const byPart = Map.groupBy(
      yes.flatMap(({ parts = [] }) => parts),
      (part) => part,
    );
    return unclear.filter(({ parts = [] }) => parts.some((part) => (byPart.get(part)?.length ?? 0) > 1));
  }
  // One person may be told yes several times: for the hold, then for its confirmation.
  const promised = successes === 'take turns' ? new Set(yes.map(userOf)).size : sum(yes.map(promisedBy));
  return promised + unitsBefore > inventory.capacity ? unclear : [];
}

const isTaking = (attempt: Attempt) => operationOf(attempt) !== 'cancel';

const promisedBy = (attempt: Attempt) => (attempt.outcome === 'ok' ? grantedTo(attempt) : unitsOf(attempt));
