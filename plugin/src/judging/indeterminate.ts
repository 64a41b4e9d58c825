import {
  type Attempt,
  addUp,
  amountGranted,
  amountWanted,
  capacityOf,
  compareAmounts,
  counted,
  deepest,
  named,
  operationOf,
  type Plan,
  type RuleRow,
  ruleOf,
  statusOf,
  userOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, subjectOf, tally } from './evidence.ts';
import { isTaking } from './told.ts';
import { isUnrecognised } from './unrecognised.ts';
import { isPending, type Unclear, untoldIn } from './untold.ts';

/**
 * Is there an attempt whose outcome nobody knows? A read-back settles whether it booked: the server says how many units are
 * sold, and other checkers judge that number. But it does not say what the contenders were told. Two cases stay a doubt: more
 * contenders than there are units may have been told that they booked, and a success whose body is lost may be a promise of
 * an order that does not exist. `undecided` is about attempts that were accepted (202).
 */
export const indeterminate: Checker = ({ plan, history, inventories }) =>
  inventories.map(withoutUnrecognised).flatMap((contest) => {
    const unknown = withOutcome(contest.attempts, 'info').filter((attempt) => !isPending(attempt));
    const isSettled = contest.storedUnits !== undefined;
    const excess = isSettled ? promisedInExcess(contest, ruleOf(plan)) : [];
    const cut = isSettled ? brokenPromises(contest, plan).filter((attempt) => !excess.includes(attempt)) : [];
    const open = isSettled ? [...excess, ...cut] : unknown;
    const [first] = open;
    if (first === undefined) return [];
    const what = isSettled ? [...promises(excess), ...cutOff(cut)].join('; ') : doubts(open);
    const message = `${named(history.run.label, contest.inventory.key)}: ${what}`;
    return [{ id: 'indeterminate', ...subjectOf(contest), message, witness: [first] }];
  });

/** Where no answer was recognised, `unrecognised` says so. Who got no answer may have booked all the same. */
const withoutUnrecognised = (contest: Contest): Contest =>
  isUnrecognised(contest)
    ? { ...contest, attempts: contest.attempts.filter(({ answer }) => answer.kind === 'unanswered') }
    : contest;

const promises = (open: readonly Unclear[]): string[] =>
  open.length === 0
    ? []
    : [
        `${counted(open.length, 'answer')} ${open.length === 1 ? 'is' : 'are'} neither a success nor a refusal as configured: ` +
          `${tally(open, statusOf)}; the read-back says what is stored, not what was promised`,
      ];

const cutOff = (open: readonly Unclear[]): string[] =>
  open.length === 0
    ? []
    : [
        `${counted(open.length, 'answer')} began as a success (${tally(open, statusOf)}) and the rest is lost: it may promise an ` +
          'order that the server does not hold',
      ];

/** Successes whose body is lost, unless all of them may be the buyers of what `untold-booking` reports. */
function brokenPromises(contest: Contest, plan: Plan): Unclear[] {
  const broken = withOutcome(contest.attempts, 'info').filter(
    ({ answer, mayPromise }) => mayPromise === true && answer.kind === 'answered' && answer.bodyLost !== undefined,
  );
  return broken.length > (untoldIn(contest, plan)?.units ?? 0) ? broken : [];
}

function doubts(open: readonly Unclear[]): string {
  const count = counted(open.length, 'attempt');
  if (open.every(({ cause }) => cause === 'unreachable')) return `${count} never reached the server`;
  if (open.every(isUnsent))
    return `${count} ${open.length === 1 ? 'was' : 'were'} stopped before the last byte was sent`;
  return `${count} may or may not have booked it: ${tally(open, ({ cause }) => cause)}`;
}

/** The run ended before its release, so the server never had the whole request. */
const isUnsent = ({ cause, releasedAtMs }: Unclear): boolean => cause === 'aborted' && releasedAtMs === undefined;

/** Answers that may have been a yes, if with them more was promised than there is. */
function promisedInExcess(contest: Contest, { successes }: RuleRow): Unclear[] {
  const { attempts, inventory, unitsBefore, soldBefore } = contest;
  const unclear = withOutcome(attempts, 'info').filter(
    (attempt) => attempt.mayPromise === true && isTaking(attempt) && !isPending(attempt),
  );
  const yes = [...withOutcome(attempts, 'ok').filter(isTaking), ...unclear];
  switch (successes) {
    case 'own values':
    case 'prove nothing':
      return [];
    case 'own time': {
      const overlapping = deepest(yes);
      return overlapping.length > inventory.capacity ? unclear.filter((attempt) => overlapping.includes(attempt)) : [];
    }
    case 'same operation':
      return new Set(yes.map(operationOf)).size > 1 ? unclear : [];
    case 'take turns':
      // One person may be told yes several times: for the hold, then for its confirmation.
      return new Set(yes.map(userOf)).size + unitsBefore > inventory.capacity ? unclear : [];
    case 'own parts': {
      const byPart = Map.groupBy(
        yes.flatMap(({ parts = [] }) => parts),
        (part) => part,
      );
      return unclear.filter(({ parts = [] }) => parts.some((part) => (byPart.get(part)?.length ?? 0) > 1));
    }
    case 'add up':
    case 'repeat': {
      const promised = addUp([...yes.map(promisedBy), soldBefore]);
      return compareAmounts(promised, capacityOf(inventory)) > 0 ? unclear : [];
    }
  }
}

const promisedBy = (attempt: Attempt) => (attempt.outcome === 'ok' ? amountGranted(attempt) : amountWanted(attempt));
