import {
  counted,
  grantedTo,
  type History,
  isOldHistory,
  named,
  type Plan,
  ruleOf,
  type Success,
  unitsGrantedTo,
  unitsWantedBy,
  userOf,
  withOutcome,
  wordsOfRun,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Found, foundAt, isUnsettled, subjectOf } from './evidence.ts';
import { otherOwnersText, ownersOf } from './owners.ts';
import { isPlanned } from './read-backs.ts';
import { soldToRefused } from './untold.ts';

/** Was a booking acknowledged that the server, asked afterwards, does not have? */
export const lostBooking: Checker = (evidence) =>
  evidence.inventories.flatMap((contest): Found[] => {
    const { plan, history } = evidence;
    const lost =
      lostToOthers(contest, plan) ??
      lostParts(contest) ??
      lostOrders(contest, isOldHistory(history)) ??
      sharedOrders(contest, plan, history);
    if (lost === undefined) return [];
    return [foundAt(contest, evidence, { id: 'lost-booking', ...lost, isDoubt: isUnsettled(contest) })];
  });

interface Lost {
  readonly what: string;
  readonly witness: readonly Success[];
}

/** Bookings that somebody else owns than was told. */
function lostToOthers(contest: Contest, plan: Plan): Lost | undefined {
  const { others } = ownersOf(contest, plan);
  if (others.length === 0) return undefined;
  return { what: otherOwnersText(others), witness: others.map(({ winner }) => winner) };
}

/** Parts that the server chose for somebody and does not hold as sold. */
function lostParts({ attempts, partReadBacks }: Contest): Lost | undefined {
  const isFree = (part: string) => {
    const readBack = partReadBacks.get(part);
    return readBack?.kind === 'read' && readBack.units === 0;
  };
  const lost = withOutcome(attempts, 'ok').flatMap((winner) => {
    const free = (winner.grantedIds ?? []).filter(isFree);
    return free.length === 0 ? [] : [{ winner, free }];
  });
  const named = lost.map(({ winner, free }) => `VU ${winner.vu} got ${free.join(', ')}`);
  if (lost.length === 0) return undefined;
  return {
    what: `${named.join('; ')}; but the server says that it is free`,
    witness: lost.map(({ winner }) => winner),
  };
}

function lostOrders({ attempts, readBack, unitsBefore, storedUnits }: Contest, isOld: boolean): Lost | undefined {
  if (readBack?.kind !== 'read' || storedUnits === undefined) return undefined;
  const winners = withOutcome(attempts, 'ok');
  const stored = new Set(readBack.orderIds);
  // An order that got nothing, as its answer says, need not be kept.
  const isOfUnits = (attempt: Success) => isOld || grantedTo(attempt) > 0;
  const lost = namesAll(readBack, storedUnits)
    ? winners.filter((attempt) => attempt.orderId !== undefined && !stored.has(attempt.orderId) && isOfUnits(attempt))
    : [];
  // Answers may name no order, or two may name the same one: the number of units still tells.
  const told = unitsGrantedTo(winners);
  const missing = Math.min(told, told - (storedUnits - unitsBefore));
  if (missing <= 0 && lost.length === 0) return undefined;
  const isNamed = unitsGrantedTo(lost) >= missing;
  const what = isNamed
    ? `the order ${lost.map(({ orderId }) => orderId).join(', ')} was acknowledged, but the server does not have it`
    : missingText(missing, told);
  return { what, witness: isNamed ? lost : winners };
}

/** A list with fewer ids than units (one page of it, an order of two) does not name every order. */
const namesAll = ({ orderIds }: { readonly orderIds: readonly string[] }, storedUnits: number): boolean =>
  orderIds.length >= storedUnits;

/**
 * An order of one unit that several people were told of is the booking of one of them; the others have none, although the
 * server may hold as many as were acknowledged. People may share an order of several units: then the list of the server has
 * fewer ids than units, or names the order once for each.
 */
function sharedOrders(
  { attempts, readBack, storedUnits, orderIdsBefore }: Contest,
  plan: Plan,
  history: History,
): Lost | undefined {
  if (isOldHistory(history) || ruleOf(plan).successes !== 'add up') return undefined;
  if (readBack?.kind !== 'read' || storedUnits === undefined || !namesAll(readBack, storedUnits)) return undefined;
  const winners = withOutcome(attempts, 'ok').filter((winner) => grantedTo(winner) > 0);
  const byOrder = Map.groupBy(winners, ({ orderId }) => orderId);
  for (const [orderId, told] of byOrder) {
    const owners = [...Map.groupBy(told, userOf).values()].flatMap((ofOne) => ofOne.slice(0, 1));
    const held = readBack.orderIds.filter((id) => id === orderId).length;
    if (orderId === undefined || owners.length <= held) continue;
    const others = readBack.orderIds.filter((id) => !byOrder.has(id) && !orderIdsBefore.has(id));
    const untold = others.length === 0 ? '' : `, and ${others.join(', ')}, of which nobody was told`;
    const what = `${counted(owners.length, 'contender')} were told of the order ${orderId}, but the server holds it ${held === 1 ? 'once' : `${held} times`}${untold}`;
    return { what, witness: owners.slice(0, held + 1) };
  }
  return undefined;
}

/** A count says how many are missing, and not whose. */
export function missingText(missing: number, acknowledged: number): string {
  const ofThem = acknowledged === 1 ? 'it' : `${missing.toLocaleString('en-US')} of them`;
  return `${counted(acknowledged, 'booking')} ${acknowledged === 1 ? 'was' : 'were'} acknowledged, but the server does not have ${ofThem}`;
}

/**
 * Does the server hold a booking that nobody can have made? The booked units must lie in [ok, ok + info]; more than the
 * capacity is `double-booking`. Units that may have been there before the race are no ghosts.
 */
export const ghostBooking: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, storedUnits, gainedUnits, missingUnits } = contest;
    if (readBack?.kind !== 'read') return [];
    // `double-booking` says so.
    if (!ruleOf(plan).isUnlimited && (storedUnits ?? 0) > inventory.capacity) return [];
    const possible =
      unitsGrantedTo(withOutcome(attempts, 'ok')) + unitsWantedBy(withOutcome(attempts, 'info')) + missingUnits;
    // `untold-booking` says whose the others are.
    const untold = unitsWantedBy(soldToRefused(contest, plan));
    if (gainedUnits <= possible + untold) return [];
    const ids = readBack.orderIds.length > 0 ? ` (${readBack.orderIds.join(', ')})` : '';
    const holds = storedUnits === undefined ? 'says that it is taken' : `holds ${counted(storedUnits, 'booking')}`;
    const isOfUnits = attempts.some(({ units }) => units !== undefined);
    return [
      {
        id: 'ghost-booking',
        ...subjectOf(contest),
        message:
          `${named(history.run.label, inventory.key)}: the server ${holds}${ids}, ` +
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
  const { one, many } = wordsOfRun(history.run);
  const unasked = (when: string, contests: readonly Contest[], why: (first: Contest) => string): Found[] =>
    contests.slice(0, 1).map((first) => ({
      id: 'read-back-failed',
      message:
        `the server could not be asked${when} who owns ${contests.length} of ` +
        `${counted(inventories.length, one, many)}: ${why(first)}`,
      witness: [],
    }));
  const isRead = ({ readBack }: Contest) => readBack?.kind === 'read';
  // A winner of this race proves that the inventory was not sold before.
  const mayBeSold = (contest: Contest) =>
    contest.isBeforeUnknown &&
    !ruleOf(plan).isUnlimited &&
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
