import { counted, grantedTo, isOldHistory, type Success, sum, unitsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, isUnsettled, subjectOf } from './evidence.ts';
import { isPlanned } from './read-backs.ts';

/** Was a booking acknowledged that the server, asked afterwards, does not have? */
export const lostBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore, storedUnits } = contest;
    if (readBack?.kind !== 'read' || storedUnits === undefined) return [];
    const winners = withOutcome(attempts, 'ok');
    const stored = new Set(readBack.orderIds);
    // An order that got nothing, as its answer says, need not be kept.
    const isOfUnits = (attempt: Success) => isOldHistory(history) || grantedTo(attempt) > 0;
    // A list with fewer ids than units (one page of it, an order of two) does not name every order.
    const namesAll = readBack.orderIds.length >= storedUnits;
    const lost = namesAll
      ? winners.filter((attempt) => attempt.orderId !== undefined && !stored.has(attempt.orderId) && isOfUnits(attempt))
      : [];
    // Answers may name no order, or two may name the same one: the number of units still tells.
    const told = sum(winners.map(grantedTo));
    const missing = Math.min(told, told - (storedUnits - unitsBefore));
    if (missing <= 0 && lost.length === 0) return [];
    const isNamed = sum(lost.map(grantedTo)) >= missing;
    const what = isNamed
      ? `the order ${lost.map(({ orderId }) => orderId).join(', ')} was acknowledged, but the server does not have it`
      : missingText(missing, told);
    return [
      {
        id: 'lost-booking',
        ...(isUnsettled(contest) && { severity: 'doubt' }),
        ...subjectOf(contest),
        message: `${history.run.label} ${inventory.key}: ${what}`,
        witness: isNamed ? lost : winners,
      },
    ];
  });

/** A count says how many are missing, and not whose. */
export function missingText(missing: number, acknowledged: number): string {
  const ofThem = acknowledged === 1 ? 'it' : `${missing.toLocaleString('en-US')} of them`;
  return `${counted(acknowledged, 'booking')} ${acknowledged === 1 ? 'was' : 'were'} acknowledged, but the server does not have ${ofThem}`;
}

/**
 * Does the server hold a booking that nobody can have made? The booked units must lie in [ok, ok + info]; more than the
 * capacity is `double-booking`. Units that may have been there before the race are no ghosts.
 */
export const ghostBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, storedUnits, gainedUnits, missingUnits } = contest;
    if (readBack?.kind !== 'read' || (storedUnits ?? 0) > inventory.capacity) return [];
    const possible =
      sum(withOutcome(attempts, 'ok').map(grantedTo)) + sum(withOutcome(attempts, 'info').map(unitsOf)) + missingUnits;
    if (gainedUnits <= possible) return [];
    const ids = readBack.orderIds.length > 0 ? ` (${readBack.orderIds.join(', ')})` : '';
    const holds = storedUnits === undefined ? 'says that it is taken' : `holds ${counted(storedUnits, 'booking')}`;
    const isOfUnits = attempts.some(({ units }) => units !== undefined);
    return [
      {
        id: 'ghost-booking',
        ...subjectOf(contest),
        message:
          `${history.run.label} ${inventory.key}: the server ${holds}${ids}, ` +
          `but at most ${possible} of ${isOfUnits ? 'its units can have been booked' : 'the attempts can have made one'}`,
        witness: attempts.slice(0, 1),
      },
    ];
  });

/**
 * Could nobody ask the server? After the race, its answer settles what is unknown. Before the race, it says what was sold
 * already: without it, a request that was never answered may seem to have won a seat that was sold yesterday.
 */
export const readBackFailed: Checker = ({ plan, history, inventories }) => {
  if (!plan.readBack) return [];
  const unasked = (when: string, contests: readonly Contest[], why: (first: Contest) => string): Found[] =>
    contests.slice(0, 1).map((first) => ({
      id: 'read-back-failed',
      message:
        `the server could not be asked${when} who owns ${contests.length} of ` +
        `${counted(inventories.length, history.run.label)}: ${why(first)}`,
      witness: [],
    }));
  const isRead = ({ readBack }: Contest) => readBack?.kind === 'read';
  // A winner of this race proves that the inventory was not sold before.
  const mayBeSold = (contest: Contest) =>
    contest.isBeforeUnknown &&
    (isPlanned(plan, contest.inventory.key) || withOutcome(contest.attempts, 'ok').length === 0);
  return [
    ...unasked(
      '',
      inventories.filter((contest) => !isRead(contest)),
      ({ readBack }) => (readBack?.kind === 'unreadable' ? readBack.error : 'it was never asked'),
    ),
    ...unasked(
      ', before the race,',
      inventories.filter((contest) => isRead(contest) && mayBeSold(contest)),
      ({ beforeError, cannotCount }) =>
        beforeError !== undefined
          ? `the answer could not be read: ${beforeError}`
          : cannotCount
            ? 'it says that some is taken, and not how much'
            : 'name the inventories in the plan, and it is asked about them',
    ),
  ];
};
