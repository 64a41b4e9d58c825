import {
  type Attempt,
  counted,
  hasStatus,
  isOldHistory,
  maxOf,
  named,
  operationNamed,
  operationOf,
  orderErrorOf,
  type Plan,
  type StatusSet,
  type Success,
  settingsOf,
  startOf,
  sum,
  userOf,
  withOutcome,
} from '../../../model/index.ts';
import { accuse } from './contradiction.ts';
import { type Checker, type Contest, type Found, isUnsettled, subjectOf } from './evidence.ts';
import { explain, type Lease, type Operation, type SeatOperation, seatModel, shrink } from './linearizability/index.ts';
import { isBooking, ordersOf } from './told.ts';

/** The server is asked after the last answer, not at the same instant: equal instants have no order. */
const LATER_MS = 0.001;

/** The owner before the race began. */
const SOMEBODY = 'somebody before the race';

/**
 * Does one sequence of events explain every answer about a seat, and what the server says afterwards? And does the seat end
 * with one owner at most?
 */
export const seatHistory: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    const absent = absentFrom(contest, plan, history.attempts);
    const name = named(history.run.label, contest.inventory.key);
    const owners = twoOwners(contest, name, absent);
    // No sequence explains two owners either: report that once.
    const hasGhost = !isOldHistory(history) && contest.gainedUnits > 0;
    // If everybody was refused and nothing is stored, there is no sequence to find; `no-winner` reports it.
    const isEmpty = !hasGhost && contest.attempts.every((attempt) => attempt.outcome === 'fail');
    const disorder = (isEmpty ? [] : outOfOrder(contest, name, plan, absent)).filter(
      ({ id }) => owners.length === 0 || id !== 'double-booking',
    );
    return [...owners, ...disorder];
  });

/**
 * Counts the people who were told that they own the seat, without those who may have given it up again. Two are too many,
 * whatever the sequence was.
 */
function twoOwners(contest: Contest, name: string, absent: readonly string[]): Found[] {
  const { attempts, unitsBefore, storedUnits = 0 } = contest;
  const cancelled = attempts.filter((attempt) => operationOf(attempt) === 'cancel' && attempt.outcome !== 'fail');
  const gaveUp = new Set([...cancelled.map(userOf), ...absent]);
  const owners = withOutcome(attempts, 'ok').filter((attempt) => isBooking(attempt) && !gaveUp.has(userOf(attempt)));
  const byPerson = Map.groupBy(owners, userOf);
  const orders = sum([...byPerson.values()].map(ordersOfPerson));
  if (attempts.length === 0 || Math.max(orders + unitsBefore, storedUnits) <= 1) return [];
  const server = storedUnits > 1 ? `; the server holds ${counted(storedUnits, 'booking')} of it` : '';
  const inOrders = orders > byPerson.size ? `, in ${counted(orders, 'order')}` : '';
  const told = `${counted(byPerson.size, 'contender')} ${byPerson.size === 1 ? 'was' : 'were'} told that they own it${inOrders}`;
  const message = `${name} was sold more than once: ${told}${server}`;
  // Without an owner, any refusal contradicts the server.
  const witness = owners.length > 0 ? owners : attempts.slice(0, 1);
  return [{ id: 'double-booking', ...subjectOf(contest), message, witness }];
}

/**
 * The number of orders that one person was told about. A repeated confirmation is one order, unless it got two order ids. A
 * booking and its confirmation may have different ids, so only answers to the same operation are compared.
 */
const ordersOfPerson = (owners: readonly Success[]): number =>
  maxOf([...Map.groupBy(owners, operationOf).values()].map(ordersOf));

/** First without the refusals: that somebody got what they could not have weighs more than that somebody was refused. */
function outOfOrder(contest: Contest, name: string, plan: Plan, absent: readonly string[]): Found[] {
  const attempts = operationsOf(contest, settingsOf(plan).busy ?? []);
  const granted = [...[...attempts.keys()].filter(({ isChange }) => isChange), ...absent.flatMap(anything)];
  const refused = [...attempts.keys()].filter(({ isChange }) => !isChange);
  const read = readOf(contest);
  // An unknown owner before the race explains every refusal, unless somebody got the seat in the race.
  const isSaidToBeFree = !contest.isBeforeUnknown || withOutcome(contest.attempts, 'ok').length > 0;
  for (const operations of [
    [...granted, ...read],
    [...granted, ...(isSaidToBeFree ? refused : []), ...read],
  ]) {
    const found = contradictionIn(operations, contest, name, plan, attempts);
    if (found.length > 0) return found;
  }
  return [];
}

type SeatOperations = readonly Operation<SeatOperation>[];

function contradictionIn(
  operations: SeatOperations,
  contest: Contest,
  name: string,
  plan: Plan,
  attempts: ReadonlyMap<Operation<SeatOperation>, Attempt>,
): Found[] {
  const lease = leaseOf(plan);
  const model = seatModel(lease, contest.unitsBefore > 0 ? SOMEBODY : undefined);
  const explanation = explain(model, operations);
  switch (explanation.kind) {
    case 'explained':
      return [];
    case 'undecided': {
      const message = `${name}: the search for a sequence that explains its ${counted(operations.length, 'operation')} was given up`;
      return [{ id: 'undecided', ...subjectOf(contest), message, witness: [] }];
    }
    case 'unexplained': {
      const contradiction = shrink(model, operations, explanation);
      const witness = contradiction.operations
        .flatMap((operation) => attempts.get(operation) ?? [])
        .toSorted((a, b) => startOf(a) - startOf(b));
      return [{ ...accuse(contradiction, lease, name), ...subjectOf(contest), witness }];
    }
  }
}

/** The people whose attempts the history lacks, once for each round: the thread that recorded them may have been killed. */
function absentFrom({ attempts, missing }: Contest, { contenders }: Plan, all: readonly Attempt[]): string[] {
  if (missing === 0) return [];
  const names = new Map(all.map((attempt) => [attempt.vu, userOf(attempt)]));
  const numbers = Array.from({ length: contenders }, (_, index) => index + 1);
  return [...Map.groupBy(attempts, ({ round }) => round).values()].flatMap((ofRound) => {
    const present = new Set(ofRound.map(({ vu }) => vu));
    return numbers.filter((vu) => !present.has(vu)).map((vu) => names.get(vu) ?? `VU ${vu}`);
  });
}

/**
 * Everything that somebody may have done, at any time, in an attempt that nobody recorded. "Booked and cancelled" covers a
 * hold too, and "booked" covers a confirmation.
 */
const anything = (by: string): Operation<SeatOperation>[] =>
  (['book', 'cancel'] as const).map((kind) => ({
    what: { kind, by, isGranted: true },
    fromMs: 0,
    toMs: Infinity,
    isOptional: true,
    isChange: true,
  }));

/** Without a lease, a hold lasts until it is cancelled. */
function leaseOf(plan: Plan): Lease {
  const { leaseMs = Infinity, toleranceMs = 0 } = settingsOf(plan);
  return { leaseMs, toleranceMs };
}

/**
 * The attempts as operations, in the order of their release, without those that prove nothing. Contenders that were not let
 * in took no part. "Busy", while somebody else was at it, says nothing about the seat. Neither changed anything, so leaving
 * them out cannot hide a double booking. On several machines an operation may have begun earlier, and ended later, than the
 * clocks say: the order of two that are closer than that is open.
 */
function operationsOf({ attempts }: Contest, busy: StatusSet): Map<Operation<SeatOperation>, Attempt> {
  const telling = attempts.filter(
    (attempt) => attempt.outcome !== 'fail' || (isLoser(attempt) && !isBusy(attempt, attempts, busy)),
  );
  const errorMs = orderErrorOf(attempts);
  const operations = telling.map((attempt): [Operation<SeatOperation>, Attempt] => {
    const isInfo = attempt.outcome === 'info';
    const isGranted = attempt.outcome !== 'fail';
    const operation = {
      what: { kind: operationNamed(operationOf(attempt)), by: userOf(attempt), isGranted },
      fromMs: startOf(attempt) - errorMs,
      // Decided after its answer: nobody knows when.
      toMs: isInfo || attempt.settledBy !== undefined ? Infinity : attempt.completedAtMs + errorMs,
      isOptional: isInfo,
      isChange: isGranted,
    };
    return [operation, attempt];
  });
  return new Map(operations.toSorted(([a], [b]) => a.fromMs - b.fromMs || a.toMs - b.toMs));
}

type Refusal = Attempt & { readonly outcome: 'fail' };

/** An answer before the release, such as 408, says nothing about the race. */
const isLoser = ({ reason, releasedAtMs }: Refusal) => reason === 'lost' && releasedAtMs !== undefined;

function isBusy(refusal: Refusal, attempts: readonly Attempt[], busy: StatusSet): boolean {
  if (!hasStatus(busy, refusal.answer.status)) return false;
  const slackMs = 2 * orderErrorOf(attempts);
  return attempts.some(
    (other) =>
      other !== refusal &&
      startOf(other) <= refusal.completedAtMs + slackMs &&
      startOf(refusal) <= other.completedAtMs + slackMs,
  );
}

/** What the server said afterwards, as the last operation. {@link twoOwners} reports more than one booking. */
function readOf(contest: Contest): Operation<SeatOperation>[] {
  const { attempts, readBack } = contest;
  if (readBack?.kind !== 'read' || readBack.units > 1 || isUnsettled(contest)) return [];
  const stored = new Set(readBack.orderIds);
  // A hold id is not an order id.
  const named = withOutcome(attempts, 'ok').filter((attempt) => isBooking(attempt) && attempt.orderId !== undefined);
  const byPerson = Map.groupBy(named, userOf);
  // Anyone whose order id is unknown may own any stored order.
  const mayOwn = (by: string) =>
    stored.size === 0 || (byPerson.get(by)?.some(({ orderId = '' }) => stored.has(orderId)) ?? true);
  const lastMs = attempts.reduce((last, { completedAtMs }) => Math.max(last, completedAtMs), 0);
  return [
    {
      what: { kind: 'read', isBooked: readBack.units > 0, mayOwn },
      fromMs: lastMs + orderErrorOf(attempts) + LATER_MS,
      toMs: Infinity,
      isOptional: false,
      isChange: false,
    },
  ];
}
