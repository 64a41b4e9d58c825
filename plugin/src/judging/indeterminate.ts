import {
  type Attempt,
  grantedTo,
  operationOf,
  type RuleRow,
  ruleOf,
  statusOf,
  unitsOf,
  userOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, counted, placeOf, sum, tally } from './evidence.ts';

/**
 * Is there an attempt of which nobody can say what came of it? A readable read-back settles whether it booked: the server then
 * said how many units are booked, and that number is judged by the other checkers. It does not say what the contenders were
 * told: where more of them than there are units may have been told that they booked, that stays a doubt.
 */
export const indeterminate: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    const unknown = withOutcome(contest.attempts, 'info');
    const isSettled = contest.readBack?.kind === 'read';
    const open = isSettled ? promisedInExcess(contest, ruleOf(plan)) : unknown;
    const [first] = open;
    if (first === undefined) return [];
    const what = isSettled ? promises(open) : doubts(open);
    const message = `${history.run.label} ${contest.inventory.key}: ${what}`;
    return [{ id: 'indeterminate', severity: 'doubt', ...placeOf(contest), message, witness: [first] }];
  });

const promises = (open: readonly Attempt[]) =>
  `${counted(open.length, 'answer')} ${open.length === 1 ? 'is' : 'are'} neither a success nor a refusal as configured: ` +
  `${tally(open, statusOf)}; the read-back says what is stored, not what was promised`;

function doubts(open: readonly Info[]): string {
  const count = counted(open.length, 'attempt');
  if (open.every(({ cause }) => cause === 'unreachable')) return `${count} never reached the server`;
  return `${count} may or may not have booked it: ${tally(open, ({ cause }) => cause)}`;
}

/** The answers that may have been a yes, where all that may have been one promise more than there is. */
function promisedInExcess({ attempts, inventory, unitsBefore }: Contest, { successes }: RuleRow): Info[] {
  const unclear = withOutcome(attempts, 'info').filter((its) => its.mayPromise === true && isTaking(its));
  const yes = [...withOutcome(attempts, 'ok').filter(isTaking), ...unclear];
  if (inventory.parts !== undefined) {
    const byPart = countedBy(yes.flatMap(({ parts = [] }) => parts));
    return unclear.filter(({ parts = [] }) => parts.some((part) => (byPart.get(part) ?? 0) > 1));
  }
  const promised = successes === 'take turns' ? new Set(yes.map(userOf)).size : sum(yes.map(promisedBy));
  return promised + unitsBefore > inventory.capacity ? unclear : [];
}

type Info = Attempt & { readonly outcome: 'info' };

const isTaking = (attempt: Attempt) => operationOf(attempt) !== 'cancel';

const promisedBy = (attempt: Attempt) => (attempt.outcome === 'ok' ? grantedTo(attempt) : unitsOf(attempt));

function countedBy<K>(keys: readonly K[]): Map<K, number> {
  return new Map([...Map.groupBy(keys, (key) => key)].map(([key, its]) => [key, its.length]));
}
