import { type Attempt, type Finding, grantedTo, unitsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, counted, isPlanned, placeOf, sum } from './evidence.ts';

type Winner = Attempt & { readonly outcome: 'ok' };

/** Was a booking acknowledged that the server, asked afterwards, does not have? */
export const lostBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore } = contest;
    if (readBack?.kind !== 'read') return [];
    const winners = withOutcome(attempts, 'ok');
    const stored = new Set(readBack.orderIds);
    // A list with fewer ids than units (a page of it, an order of two) does not name every order, so none is missing in it.
    const namesAll = readBack.orderIds.length >= readBack.units;
    const missing = winners.filter((attempt) => attempt.orderId !== undefined && !stored.has(attempt.orderId));
    // Where ids are not told, or one is told twice, there is still the number of units.
    const surplus = beyond(winners, readBack.units - unitsBefore);
    const lost = namesAll && missing.length >= surplus.length ? missing : surplus;
    if (lost.length === 0) return [];
    const orders = lost.map((attempt) => attempt.orderId ?? `of VU ${attempt.vu}`).join(', ');
    return [
      {
        id: 'lost-booking',
        severity: 'violation',
        ...placeOf(contest),
        message: `${history.run.label} ${inventory.key}: the order ${orders} was acknowledged, and the server does not have it`,
        witness: lost,
      },
    ];
  });

/** The winners, from the first one for whom so many units are not enough. */
function beyond(winners: readonly Winner[], units: number): Winner[] {
  let left = units;
  const first = winners.findIndex((winner) => {
    left -= grantedTo(winner);
    return left < 0;
  });
  return first === -1 ? [] : winners.slice(first);
}

/**
 * Does the server hold a booking that nobody can have made? Booked units must lie in [ok, ok + info]; above capacity it
 * is a double booking, which is said elsewhere. What may have been there before the race is no ghost.
 */
export const ghostBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore, isBeforeUnknown, missingUnits } = contest;
    if (readBack?.kind !== 'read' || isBeforeUnknown || readBack.units > inventory.capacity) return [];
    const possible =
      sum(withOutcome(attempts, 'ok').map(grantedTo)) + sum(withOutcome(attempts, 'info').map(unitsOf)) + missingUnits;
    if (readBack.units - unitsBefore <= possible) return [];
    const ids = readBack.orderIds.length > 0 ? ` (${readBack.orderIds.join(', ')})` : '';
    return [
      {
        id: 'ghost-booking',
        severity: 'violation',
        ...placeOf(contest),
        message:
          `${history.run.label} ${inventory.key}: the server holds ${counted(readBack.units, 'booking')}${ids}, ` +
          `and at most ${possible} of ${attempts.every(({ units }) => units === undefined) ? 'the attempts can have made one' : 'its units can have been booked'}`,
        witness: attempts.slice(0, 1),
      },
    ];
  });

/**
 * Could the server not be asked? After the race, its answer settles what is unknown; before it, that answer says what was
 * gone already: without it, a seat that was sold yesterday may have been "won" by a request that was never answered.
 */
export const readBackFailed: Checker = ({ plan, history, inventories }) => {
  if (!plan.readBack) return [];
  const isNamed = ({ inventory }: Contest) => isPlanned(plan, inventory.key);
  // Who was told in this race that he got it cannot have come too late.
  const isWon = ({ attempts }: Contest) => withOutcome(attempts, 'ok').length > 0;
  const isRead = ({ readBack }: Contest) => readBack?.kind === 'read';
  const unasked = (when: string, contests: readonly Contest[], why: (first: Contest) => string): Finding[] =>
    contests.slice(0, 1).map((first) => ({
      id: 'read-back-failed',
      severity: 'doubt',
      message:
        `the server could not be asked${when} who owns ${contests.length} of ` +
        `${counted(inventories.length, history.run.label)}: ${why(first)}`,
      witness: [],
    }));
  return [
    ...unasked(
      '',
      inventories.filter((contest) => !isRead(contest)),
      ({ readBack }) => (readBack?.kind === 'unreadable' ? readBack.error : 'it was never asked'),
    ),
    ...unasked(
      ', before the race,',
      inventories.filter(
        (contest) => isRead(contest) && contest.isBeforeUnknown && (isNamed(contest) || !isWon(contest)),
      ),
      ({ beforeError }) =>
        beforeError === undefined
          ? 'name the inventories in the plan, and it is asked about them'
          : `what it said could not be read: ${beforeError}`,
    ),
  ];
};
