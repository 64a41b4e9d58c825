import {
  type Attempt,
  counted,
  type History,
  isOldHistory,
  isTimedOut,
  named,
  type Success,
  statusOf,
  withOutcome,
  wordsOfRun,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Found, isUnsettled, subjectOf } from './evidence.ts';

/** Was a part of an inventory, such as a seat of a row, sold more than once? */
export const partSoldTwice: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    (contest.inventory.parts ?? []).flatMap((part): Found[] => {
      const winners = wholeOrdersIn(contest, history).filter(({ parts }) => parts?.includes(part));
      const readBack = contest.partReadBacks.get(part);
      const stored = readBack?.kind === 'read' ? readBack.units : 0;
      if (Math.max(winners.length, stored) <= 1) return [];
      const server = stored > 1 ? `; the server holds ${counted(stored, 'booking')} of it` : '';
      const orders =
        winners.length === 0 ? 'no order with it was confirmed' : `it is in ${winners.map(orderOf).join(' and ')}`;
      return [
        {
          id: 'double-booking',
          ...subjectOf(contest),
          message: `${named(history.run.label, part)} of ${contest.inventory.key} was sold more than once: ${orders}${server}`,
          witness: winners,
        },
      ];
    }),
  );

/**
 * Is every order stored as a whole or not at all? An order with some of its parts is half-filled. A confirmed order without
 * any is lost. A stored order that nobody can have made, because everybody who asked for just that was refused, is a ghost.
 */
export const wholeOrders: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const whole = wholeOrdersIn(contest, history);
    const found = withOutcome(contest.attempts, 'ok')
      .filter((order) => !whole.includes(order))
      .flatMap(admitsHalf);
    if (contest.readBack?.kind === 'read') {
      const holdings = holdingsOf(contest);
      const doubt = isUnsettled(contest) ? { severity: 'doubt' as const } : {};
      const flaws = [...whole.flatMap((order) => incomplete(order, holdings)), ...unexplained(contest, holdings)];
      for (const flaw of flaws) found.push({ ...flaw, ...doubt });
    }
    return found.map(({ what, witness, ...flaw }) => ({
      ...flaw,
      ...subjectOf(contest),
      message: `${wordsOfRun(history.run).many} of ${contest.inventory.key}: ${what}`,
      witness: [witness],
    }));
  });

interface Flaw extends Pick<Found, 'id' | 'severity'> {
  readonly what: string;
  readonly witness: Attempt;
}

/** Confirmed orders, without those whose answer says itself that they got less than all of their parts. */
const wholeOrdersIn = ({ attempts }: Contest, history: History): Success[] =>
  withOutcome(attempts, 'ok').filter(
    ({ granted = Infinity, parts = [] }) => isOldHistory(history) || Number(granted) >= parts.length,
  );

/** An order that got nothing is not half-filled. */
const admitsHalf = (attempt: Success): Flaw[] =>
  attempt.granted === 0
    ? []
    : [
        {
          id: 'half-filled',
          what: `${orderOf(attempt)} says that it got only ${attempt.granted} of them`,
          witness: attempt,
        },
      ];

/** A confirmed order that the server does not have, or not all of it. */
function incomplete(attempt: Success, holdings: readonly Holding[]): Flaw[] {
  const wanted = attempt.parts ?? [];
  const own = holdings.find(({ orderId }) => orderId !== undefined && orderId === attempt.orderId);
  // Anyone whose order id is unknown may own any stored part.
  const isNameless = attempt.orderId === undefined || holdings.some(({ orderId }) => orderId === undefined);
  const held = own?.parts ?? (isNameless ? holdings.flatMap(({ parts }) => parts) : []);
  const got = wanted.filter((part) => held.includes(part));
  if (got.length === wanted.length) return [];
  const order = orderOf(attempt);
  return got.length === 0
    ? [{ id: 'lost-booking', what: `${order} was confirmed, but the server does not have it`, witness: attempt }]
    : [{ id: 'half-filled', what: `${order} has only ${got.join(', ')} of them`, witness: attempt }];
}

/** What the server holds although no attempt can have ordered it. */
function unexplained({ attempts, isBeforeUnknown, missing }: Contest, holdings: readonly Holding[]): Flaw[] {
  // It may have been there before, or an attempt that the history lacks may have booked it.
  if (isBeforeUnknown || missing > 0) return [];
  const winners = withOutcome(attempts, 'ok');
  const known = new Set(winners.map(({ orderId }) => orderId));
  const sold = new Set(winners.flatMap(({ parts = [] }) => parts));
  const possible = attempts.filter(
    (attempt) => attempt.outcome === 'info' || (attempt.outcome === 'ok' && attempt.orderId === undefined),
  );
  const isPossible = ({ orderId, parts }: Holding) =>
    orderId === undefined
      ? isMadeOf(parts, possible)
      : known.has(orderId) || possible.some((attempt) => isSame(attempt.parts ?? [], parts));
  return (
    holdings
      // Where the server names no orders, the parts of confirmed orders are accounted for.
      .map(({ orderId, parts }) => ({
        orderId,
        parts: orderId === undefined ? parts.filter((part) => !sold.has(part)) : parts,
      }))
      .filter((holding) => !isPossible(holding))
      .flatMap((holding) => flawOf(holding, attempts))
  );
}

function flawOf({ orderId, parts }: Holding, attempts: readonly Attempt[]): Flaw[] {
  const order = `${orderId === undefined ? 'somebody' : `the order ${orderId}`} has ${parts.join(', ')}`;
  const larger = attempts.find((attempt) => attempt.outcome !== 'ok' && isBeyond(attempt, parts));
  const isWhole = attempts.some((attempt) => attempt.outcome === 'fail' && isSame(attempt.parts ?? [], parts));
  if (larger !== undefined && !isWhole) {
    return [{ id: 'half-filled', what: `${order}, but everybody who asked for that asked for more`, witness: larger }];
  }
  const what = `${order}, but nobody can have booked just that`;
  return attempts.slice(0, 1).map((witness) => ({ id: 'ghost-booking', what, witness }));
}

/**
 * Did overlapping orders block each other? A deadlock shows as a request without an answer, or as a 5xx if the database broke
 * it. From outside, nobody can tell which mistake made the server fail; but in this race it must not fail. A server that
 * answered nobody in the whole run may just hang: `no-answer` says so.
 */
export const blockedOrders: Checker = ({ plan, history, attempts, inventories }) => {
  const hangs = !isOldHistory(history) && attempts.every(({ answer }) => answer.kind === 'unanswered');
  return inventories.flatMap((contest): Found[] => {
    const unknown = withOutcome(contest.attempts, 'info');
    const unanswered = hangs ? [] : unknown.filter(isTimedOut);
    const broken = unknown.filter((attempt) => (statusOf(attempt) ?? 0) >= 500);
    if (unanswered.length === 0 && broken.length <= plan.limits.serverErrors) return [];
    const reasons = [
      ...(unanswered.length > 0 ? [`${counted(unanswered.length, 'order')} got no answer in time`] : []),
      ...(broken.length > 0 ? [`${counted(broken.length, 'order')} got 5xx`] : []),
    ];
    return [
      {
        id: 'deadlock',
        ...subjectOf(contest),
        message: `${wordsOfRun(history.run).many} of ${contest.inventory.key}: overlapping orders blocked each other: ${reasons.join(', ')}`,
        witness: [unanswered, broken].flatMap((attempts) => attempts.slice(0, 1)),
      },
    ];
  });
};

/** Parts that the server holds under one order; under no order id, everything else that is sold. */
interface Holding {
  readonly orderId: string | undefined;
  readonly parts: readonly string[];
}

function holdingsOf({ inventory: { parts = [] }, partReadBacks }: Contest): Holding[] {
  const held = parts.flatMap((part) => {
    const readBack = partReadBacks.get(part);
    if (readBack?.kind !== 'read' || readBack.units === 0) return [];
    return (readBack.orderIds.length === 0 ? [undefined] : readBack.orderIds).map((orderId) => ({ orderId, part }));
  });
  return [...Map.groupBy(held, ({ orderId }) => orderId)].map(([orderId, same]) => ({
    orderId,
    parts: same.map(({ part }) => part),
  }));
}

/** Whether some of the attempts, no two of which overlap, want just these parts together. */
function isMadeOf(parts: readonly string[], attempts: readonly Attempt[]): boolean {
  const [first] = parts;
  if (first === undefined) return true;
  const suitable = attempts
    .map((attempt) => attempt.parts ?? [])
    .filter((wanted) => wanted.includes(first) && wanted.every((part) => parts.includes(part)));
  // Trying the same wish twice is useless. The rest has fewer parts, so this ends.
  const wishes = new Map(suitable.map((wanted) => [wanted.toSorted().join('\n'), wanted]));
  return [...wishes.values()].some((wanted) =>
    isMadeOf(
      parts.filter((part) => !wanted.includes(part)),
      attempts,
    ),
  );
}

const isBeyond = ({ parts: wanted = [] }: Attempt, parts: readonly string[]) =>
  wanted.length > parts.length && parts.every((part) => wanted.includes(part));

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((part) => b.includes(part));

/** `order 41fe (VU 3: A1, A2)` */
const orderOf = ({ vu, parts = [], orderId }: Success) =>
  `order${orderId === undefined ? '' : ` ${orderId}`} (VU ${vu}: ${parts.join(', ')})`;
