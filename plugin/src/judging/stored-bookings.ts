import { counted, grantedTo, type Success, sum, unitsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, isPlanned, subjectOf } from './evidence.ts';

/** Was a booking acknowledged that the server, asked afterwards, does not have? */
export const lostBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore } = contest;
    if (readBack?.kind !== 'read') return [];
    const winners = withOutcome(attempts, 'ok');
    const stored = new Set(readBack.orderIds);
    // A list with fewer ids than units (one page of it, an order of two) does not name every order.
    const namesAll = readBack.orderIds.length >= readBack.units;
    const missing = winners.filter((attempt) => attempt.orderId !== undefined && !stored.has(attempt.orderId));
    // Answers may name no order, or two may name the same one: the number of units still tells.
    const surplus = beyond(winners, readBack.units - unitsBefore);
    const lost = namesAll && missing.length >= surplus.length ? missing : surplus;
    if (lost.length === 0) return [];
    const orders = lost.map((attempt) => attempt.orderId ?? `of VU ${attempt.vu}`).join(', ');
    return [
      {
        id: 'lost-booking',
        ...subjectOf(contest),
        message: `${history.run.label} ${inventory.key}: the order ${orders} was acknowledged, but the server does not have it`,
        witness: lost,
      },
    ];
  });

/** The winners that no units are left for, if the units go to the winners in turn. */
function beyond(winners: readonly Success[], units: number): Success[] {
  let left = units;
  const first = winners.findIndex((winner) => {
    left -= grantedTo(winner);
    return left < 0;
  });
  return first === -1 ? [] : winners.slice(first);
}

/**
 * Does the server hold a booking that nobody can have made? The booked units must lie in [ok, ok + info]; more than the
 * capacity is `double-booking`. Units that may have been there before the race are no ghosts.
 */
export const ghostBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore, isBeforeUnknown, missingUnits } = contest;
    if (readBack?.kind !== 'read' || isBeforeUnknown || readBack.units > inventory.capacity) return [];
    const possible =
      sum(withOutcome(attempts, 'ok').map(grantedTo)) + sum(withOutcome(attempts, 'info').map(unitsOf)) + missingUnits;
    if (readBack.units - unitsBefore <= possible) return [];
    const ids = readBack.orderIds.length > 0 ? ` (${readBack.orderIds.join(', ')})` : '';
    const isOfUnits = attempts.some(({ units }) => units !== undefined);
    return [
      {
        id: 'ghost-booking',
        ...subjectOf(contest),
        message:
          `${history.run.label} ${inventory.key}: the server holds ${counted(readBack.units, 'booking')}${ids}, ` +
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
  const isRead = ({ storedUnits }: Contest) => storedUnits !== undefined;
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
      ({ beforeError }) =>
        beforeError === undefined
          ? 'name the inventories in the plan, and it is asked about them'
          : `the answer could not be read: ${beforeError}`,
    ),
  ];
};
