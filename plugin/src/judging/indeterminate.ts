import { type Attempt, grantedTo, statusOf, unitsOf, withOutcome } from '../model/index.ts';
import { type Checker, type Contest, counted, placeOf, sum } from './evidence.ts';

/**
 * Is there an attempt of which nobody can say what came of it? A readable read-back settles whether it booked: the server then
 * said how many units are booked, and that number is judged by the other checkers. It does not say what the contenders were
 * told: where more of them than there are units may have been told that they booked, that stays a doubt.
 */
export const indeterminate: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const unknown = withOutcome(contest.attempts, 'info');
    const isSettled = contest.readBack?.kind === 'read';
    const open = isSettled ? promisedInExcess(contest, unknown) : unknown;
    const [first] = open;
    if (first === undefined) return [];
    const what = isSettled
      ? `${counted(open.length, 'answer')} ${open.length === 1 ? 'is' : 'are'} neither a success nor a refusal as ` +
        `configured: ${tally(open, statusOf)}; the read-back says what is stored, not what was promised`
      : open.every((its) => its.cause === 'unreachable')
        ? `${counted(open.length, 'attempt')} never reached the server`
        : `${counted(open.length, 'attempt')} may or may not have booked it: ${tally(open, (its) => its.cause)}`;
    const message = `${history.run.label} ${contest.inventory.key}: ${what}`;
    return [{ id: 'indeterminate', severity: 'doubt', ...placeOf(contest), message, witness: [first] }];
  });

/** The answers that may have been a yes, where all together say yes to more than there is. */
function promisedInExcess<A extends Attempt>({ attempts, inventory }: Contest, unknown: readonly A[]): readonly A[] {
  const unclear = unknown.filter((attempt) => (statusOf(attempt) ?? Infinity) < 400);
  const promised = sum([...withOutcome(attempts, 'ok').map(grantedTo), ...unclear.map(unitsOf)]);
  return promised > inventory.capacity ? unclear : [];
}

function tally<A>(attempts: readonly A[], by: (attempt: A) => unknown): string {
  return [...Map.groupBy(attempts, by)].map(([what, its]) => `${what} (${its.length}×)`).join(', ');
}
