import { type Attempt, type Finding, operationOf, type Plan, userOf, withOutcome } from '../model/index.ts';
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
    const name = `${history.run.label} ${contest.inventory.key}`;
    const owners = twoOwners(contest, name);
    // Two owners can be put in no order either: that is said once.
    const disorder = outOfOrder(contest, name, plan).filter(({ id }) => owners.length === 0 || id !== 'double-booking');
    return [...owners, ...disorder];
  });

/**
 * Counted, and not searched for: of those who were told that it is theirs for good, whoever may have given it up again is
 * left out. Two are too many, in whatever order it happened.
 */
function twoOwners(contest: Contest, name: string): Finding[] {
  const gaveUp = new Set(
    contest.attempts.filter((its) => operationOf(its) === 'cancel' && its.outcome !== 'fail').map(userOf),
  );
  const owners = withOutcome(contest.attempts, 'ok').filter((its) => isForGood(its) && !gaveUp.has(userOf(its)));
  const people = new Set(owners.map(userOf));
  const stored = contest.readBack?.kind === 'read' ? contest.readBack.units : 0;
  if (Math.max(people.size + contest.unitsBefore, stored) <= 1) return [];
  const server = stored > 1 ? `; the server holds ${counted(stored, 'booking')} of it` : '';
  const told = `${counted(people.size, 'contender')} ${people.size === 1 ? 'was' : 'were'} told that it is theirs for good`;
  const message = `${name} was sold more than once: ${told}${server}`;
  return [{ id: 'double-booking', severity: 'violation', ...placeOf(contest), message, witness: owners }];
}

/** A history that no order explains is a violation; one for which none was found in time is a doubt, and no pass. */
function outOfOrder(contest: Contest, name: string, plan: Plan): Finding[] {
  // Where all were refused there is nothing to put in order; that is a finding of its own (`no-winner`).
  if (contest.attempts.every((attempt) => attempt.outcome === 'fail')) return [];
  const lease = leaseOf(plan);
  const model = seatModel(lease, contest.unitsBefore > 0 ? SOMEBODY : undefined);
  const attempts = operationsOf(contest);
  const operations = [...attempts.keys(), ...readOf(contest)];
  const explanation = explain(model, operations);
  const place = placeOf(contest);
  if (explanation.kind === 'explained') return [];
  if (explanation.kind === 'undecided') {
    const message = `${name}: the search for an order that explains its ${counted(operations.length, 'operation')} was given up`;
    return [{ id: 'undecided', severity: 'doubt', ...place, message, witness: [] }];
  }
  const contradiction = shrink(model, operations, explanation);
  const witness = contradiction.operations.flatMap((its) => attempts.get(its) ?? []);
  return [{ severity: 'violation', ...place, witness, ...accuse(contradiction, lease, name) }];
}

const isForGood = (attempt: Attempt) => operationOf(attempt) === 'book' || operationOf(attempt) === 'confirm';

const leaseOf = ({ rule }: Plan): Lease => (rule?.name === 'hold-confirm' ? rule : UNTIL_GIVEN_UP);

/**
 * The attempts as operations, in the order of their release, without those that prove nothing: who was not let in took no
 * part, and a refusal while somebody else was at it may have meant "busy" (a lock that is not waited for) instead of
 * "taken". It changed nothing, so no double booking hides in it.
 */
function operationsOf({ attempts }: Contest): Map<Operation<SeatOperation>, Attempt> {
  const all = attempts.flatMap((attempt): (readonly [Operation<SeatOperation>, Attempt])[] => {
    // An answer to a request that was still held back, such as 408, is none to the race.
    if (attempt.outcome === 'fail' && (attempt.reason !== 'lost' || attempt.releasedAtMs === undefined)) return [];
    const isInfo = attempt.outcome === 'info';
    const operation: Operation<SeatOperation> = {
      what: { kind: operationOf(attempt), by: userOf(attempt), isGranted: attempt.outcome !== 'fail' },
      fromMs: attempt.releasedAtMs ?? attempt.stagedAtMs ?? 0,
      toMs: isInfo ? Infinity : attempt.completedAtMs,
      isOptional: isInfo,
      isChange: attempt.outcome !== 'fail',
    };
    return [[operation, attempt]];
  });
  const changes = all.map(([operation]) => operation).filter(({ isChange }) => isChange);
  const isBusy = (its: Operation<SeatOperation>) =>
    changes.some((change) => change.fromMs <= its.toMs && its.fromMs <= change.toMs);
  const kept = all.filter(([operation]) => operation.isChange || !isBusy(operation));
  return new Map(kept.toSorted(([a], [b]) => a.fromMs - b.fromMs || a.toMs - b.toMs));
}

/** What the server said afterwards, as the last operation. More than one booking is said elsewhere (`double-booking`). */
function readOf({ attempts, readBack }: Contest): Operation<SeatOperation>[] {
  if (readBack?.kind !== 'read' || readBack.units > 1) return [];
  const stored = new Set(readBack.orderIds);
  const ids = new Map<string, readonly string[]>();
  for (const attempt of withOutcome(attempts, 'ok')) {
    const by = userOf(attempt);
    if (attempt.orderId !== undefined) ids.set(by, [...(ids.get(by) ?? []), attempt.orderId]);
  }
  const mayOwn = (by: string) => {
    const known = ids.get(by);
    return stored.size === 0 || known === undefined || known.some((id) => stored.has(id));
  };
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
