import {
  type Attempt,
  type Finding,
  hasStatus,
  operationOf,
  type Plan,
  type StatusSet,
  startOf,
  userOf,
  withOutcome,
} from '../../../model/index.ts';
import { accuse } from './contradiction.ts';
import { type Checker, type Contest, counted, placeOf } from './evidence.ts';
import { explain, type Lease, type Operation, type SeatOperation, seatModel, shrink } from './linearizability/index.ts';

/** A hold that lasts until it is given up. */
const UNTIL_GIVEN_UP: Lease = { leaseMs: Infinity, toleranceMs: 0 };

/** The server is asked after the last answer, and not at the same instant: instants that are the same have no order. */
const LATER_MS = 0.001;

/** Who had it before the race began. */
const SOMEBODY = 'somebody before the race';

/**
 * Is there an order in which what was asked of a seat can have happened, so that everybody was answered as they were, and
 * the server's own word afterwards is true? And did the seat end with one owner at most?
 */
export const seatHistory: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    const absent = absentFrom(contest, plan, history.attempts);
    const name = `${history.run.label} ${contest.inventory.key}`;
    const owners = twoOwners(contest, name, absent);
    // Two owners can be put in no order either: that is said once.
    const disorder = outOfOrder(contest, name, plan, absent).filter(
      ({ id }) => owners.length === 0 || id !== 'double-booking',
    );
    return [...owners, ...disorder];
  });

/**
 * Counted, and not searched for: of those who were told that it is theirs for good, whoever may have given it up again is
 * left out. Two are too many, in whatever order it happened.
 */
function twoOwners(contest: Contest, name: string, absent: readonly string[]): Finding[] {
  const cancelled = contest.attempts.filter((its) => operationOf(its) === 'cancel' && its.outcome !== 'fail');
  const gaveUp = new Set([...cancelled.map(userOf), ...absent]);
  const owners = withOutcome(contest.attempts, 'ok').filter((its) => isForGood(its) && !gaveUp.has(userOf(its)));
  const people = new Set(owners.map(userOf));
  const orders = [...Map.groupBy(owners, userOf).values()].map(ordersOf).reduce((sum, its) => sum + its, 0);
  const stored = contest.readBack?.kind === 'read' ? contest.readBack.units : 0;
  if (contest.attempts.length === 0 || Math.max(orders + contest.unitsBefore, stored) <= 1) return [];
  const server = stored > 1 ? `; the server holds ${counted(stored, 'booking')} of it` : '';
  const inOrders = orders > people.size ? `, in ${counted(orders, 'order')}` : '';
  const told = `${counted(people.size, 'contender')} ${people.size === 1 ? 'was' : 'were'} told that it is theirs for good${inOrders}`;
  const message = `${name} was sold more than once: ${told}${server}`;
  // With nobody who was told so, it is the server's word against any of its refusals.
  const witness = owners.length > 0 ? owners : contest.attempts.slice(0, 1);
  return [{ id: 'double-booking', severity: 'violation', ...placeOf(contest), message, witness }];
}

/**
 * In how many orders one person was told so. Who sends a confirmation twice has confirmed once, unless it became two orders.
 * A booking may be named otherwise than its confirmation, so only what the same operation was answered with is compared.
 */
function ordersOf(owners: readonly (Attempt & { readonly outcome: 'ok' })[]): number {
  const byOperation = [...Map.groupBy(owners, operationOf).values()];
  return Math.max(1, ...byOperation.map((its) => new Set(its.flatMap(({ orderId }) => orderId ?? [])).size));
}

/**
 * Asked first of what was granted, and of the server's own word: that somebody got what they could not have had weighs more
 * than that somebody was refused what they could.
 */
function outOfOrder(contest: Contest, name: string, plan: Plan, absent: readonly string[]): Finding[] {
  // Where all were refused there is nothing to put in order; that is a finding of its own (`no-winner`).
  if (contest.attempts.every((attempt) => attempt.outcome === 'fail')) return [];
  const attempts = operationsOf(contest, busyOf(plan));
  const granted = [...[...attempts.keys()].filter(({ isChange }) => isChange), ...absent.flatMap(anything)];
  const refused = [...attempts.keys()].filter(({ isChange }) => !isChange);
  const read = readOf(contest);
  const lease = leaseOf(plan);
  const model = seatModel(lease, contest.unitsBefore > 0 ? SOMEBODY : undefined);
  const isSaidToBeFree = !contest.isBeforeUnknown || withOutcome(contest.attempts, 'ok').length > 0;
  for (const operations of [
    [...granted, ...read],
    // Whoever may have had it before the race is reason enough for a refusal, unless somebody got it in the race.
    [...granted, ...(isSaidToBeFree ? refused : []), ...read],
  ]) {
    const explanation = explain(model, operations);
    // One for which no order was found in time is a doubt, and no pass.
    if (explanation.kind === 'undecided') {
      const message = `${name}: the search for an order that explains its ${counted(operations.length, 'operation')} was given up`;
      return [{ id: 'undecided', severity: 'doubt', ...placeOf(contest), message, witness: [] }];
    }
    if (explanation.kind === 'unexplained') {
      const contradiction = shrink(model, operations, explanation);
      const witness = contradiction.operations
        .flatMap((its) => attempts.get(its) ?? [])
        .toSorted((a, b) => startOf(a) - startOf(b));
      return [{ severity: 'violation', ...placeOf(contest), witness, ...accuse(contradiction, lease, name) }];
    }
  }
  return [];
}

/** Whose attempts the history lacks, once for each round: who recorded them may have been killed. */
function absentFrom({ attempts, missing }: Contest, { contenders }: Plan, all: readonly Attempt[]): string[] {
  if (missing === 0) return [];
  const names = new Map(all.map((attempt) => [attempt.vu, userOf(attempt)]));
  const numbers = Array.from({ length: contenders }, (_, index) => index + 1);
  return [...Map.groupBy(attempts, ({ round }) => round).values()].flatMap((its) => {
    const present = new Set(its.map(({ vu }) => vu));
    return numbers.filter((vu) => !present.has(vu)).map((vu) => names.get(vu) ?? `VU ${vu}`);
  });
}

/**
 * What somebody may have done, at any time, whose attempt nobody recorded. That it was booked and given up again stands for
 * a hold as well, and that it was booked for a confirmation.
 */
const anything = (by: string): Operation<SeatOperation>[] =>
  (['book', 'cancel'] as const).map((kind) => ({
    what: { kind, by, isGranted: true },
    fromMs: 0,
    toMs: Infinity,
    isOptional: true,
    isChange: true,
  }));

const isForGood = (attempt: Attempt) => operationOf(attempt) === 'book' || operationOf(attempt) === 'confirm';

const busyOf = ({ rule }: Plan): StatusSet => (rule !== undefined && 'busy' in rule ? rule.busy : []);

const leaseOf = ({ rule }: Plan): Lease => (rule !== undefined && 'leaseMs' in rule ? rule : UNTIL_GIVEN_UP);

/**
 * The attempts as operations, in the order of their release, without those that prove nothing: who was not let in took no
 * part; and "busy", while somebody else was at it, says nothing of the seat. Neither changed anything, so no double booking
 * hides there.
 */
function operationsOf({ attempts }: Contest, busy: StatusSet): Map<Operation<SeatOperation>, Attempt> {
  const telling = attempts.filter((its) => its.outcome !== 'fail' || (isLoser(its) && !isBusy(its, attempts, busy)));
  const operations = telling.map((attempt): [Operation<SeatOperation>, Attempt] => {
    const isInfo = attempt.outcome === 'info';
    const isGranted = attempt.outcome !== 'fail';
    const operation = {
      what: { kind: operationOf(attempt), by: userOf(attempt), isGranted },
      fromMs: startOf(attempt),
      toMs: isInfo ? Infinity : attempt.completedAtMs,
      isOptional: isInfo,
      isChange: isGranted,
    };
    return [operation, attempt];
  });
  return new Map(operations.toSorted(([a], [b]) => a.fromMs - b.fromMs || a.toMs - b.toMs));
}

/** An answer to a request that was still held back, such as 408, is none to the race. */
const isLoser = (its: Attempt & { outcome: 'fail' }) => its.reason === 'lost' && its.releasedAtMs !== undefined;

const isBusy = (its: Attempt & { outcome: 'fail' }, attempts: readonly Attempt[], busy: StatusSet): boolean =>
  hasStatus(busy, its.answer.status) &&
  attempts.some((other) => other !== its && startOf(other) <= its.completedAtMs && startOf(its) <= other.completedAtMs);

/** Before its release an attempt had no effect, unless it was answered before. */
/** What the server said afterwards, as the last operation. More than one booking is said elsewhere (`double-booking`). */
function readOf({ attempts, readBack }: Contest): Operation<SeatOperation>[] {
  if (readBack?.kind !== 'read' || readBack.units > 1) return [];
  const stored = new Set(readBack.orderIds);
  // The id of a hold is none of an order.
  const named = withOutcome(attempts, 'ok').filter((its) => isForGood(its) && its.orderId !== undefined);
  const byPerson = Map.groupBy(named, userOf);
  // Of whom no order is known, any order may be.
  const mayOwn = (by: string) =>
    stored.size === 0 || (byPerson.get(by)?.some(({ orderId = '' }) => stored.has(orderId)) ?? true);
  const lastMs = attempts.reduce((last, { completedAtMs }) => Math.max(last, completedAtMs), 0);
  return [
    {
      what: { kind: 'read', isBooked: readBack.units > 0, mayOwn },
      fromMs: lastMs + LATER_MS,
      toMs: Infinity,
      isOptional: false,
      isChange: false,
    },
  ];
}
