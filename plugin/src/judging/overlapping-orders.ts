import { type Attempt, type Finding, statusOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, counted, placeOf } from './evidence.ts';

/** Was a part of an inventory, a seat of a row, sold more than once? */
export const partSoldTwice: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    (contest.inventory.parts ?? []).flatMap((part): Finding[] => {
      const winners = withOutcome(contest.attempts, 'ok').filter((attempt) => attempt.parts?.includes(part));
      const readBack = contest.partReadBacks.get(part);
      const stored = readBack?.kind === 'read' ? readBack.units : 0;
      if (Math.max(winners.length, stored) <= 1) return [];
      const server = stored > 1 ? `; the server holds ${counted(stored, 'booking')} of it` : '';
      const orders =
        winners.length === 0 ? 'no order with it was confirmed' : `it is in ${winners.map(orderOf).join(' and ')}`;
      return [
        {
          id: 'double-booking',
          severity: 'violation',
          ...placeOf(contest),
          message: `${history.run.label} ${part} of ${contest.inventory.key} was sold more than once: ${orders}${server}`,
          witness: winners,
        },
      ];
    }),
  );

/**
 * Is every order stored as a whole or not at all? An order that has some of its parts is half-filled, one that was confirmed
 * and has none is lost, and one that nobody can have made, because all who asked for just that were refused, is a ghost.
 */
export const wholeOrders: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, isBeforeUnknown, missing } = contest;
    if (readBack?.kind !== 'read') return [];
    const holdings = holdingsOf(contest);
    const say = (id: Finding['id'], what: string, witness: readonly Attempt[]): Finding => ({
      id,
      severity: 'violation',
      ...placeOf(contest),
      message: `${history.run.label}s of ${inventory.key}: ${what}`,
      witness,
    });

    const taken = holdings.flatMap(({ parts }) => parts);
    const winners = withOutcome(attempts, 'ok');
    const confirmed = winners.flatMap((attempt) => {
      const wanted = attempt.parts ?? [];
      const its = holdings.find(({ orderId }) => orderId !== undefined && orderId === attempt.orderId);
      const isNameless = attempt.orderId === undefined || holdings.some(({ orderId }) => orderId === undefined);
      const held = its?.parts ?? (isNameless ? taken : []);
      const got = wanted.filter((part) => held.includes(part));
      if (got.length === wanted.length) return [];
      return got.length === 0
        ? [say('lost-booking', `${orderOf(attempt)} was confirmed, and the server does not have it`, [attempt])]
        : [say('half-filled', `${orderOf(attempt)} has only ${got.join(', ')} of them`, [attempt])];
    });

    const known = new Set(winners.map(({ orderId }) => orderId));
    const sold = new Set(winners.flatMap(({ parts = [] }) => parts));
    const possible = attempts.filter(
      (its) => its.outcome === 'info' || (its.outcome === 'ok' && its.orderId === undefined),
    );
    // What was there before, or was booked by an attempt that the history does not hold, is held against nobody.
    const others = (isBeforeUnknown || missing > 0 ? [] : holdings).flatMap(({ orderId, parts: held }) => {
      // Where the server names no orders, what the confirmed ones account for is theirs.
      const parts = orderId === undefined ? held.filter((part) => !sold.has(part)) : held;
      if (orderId !== undefined && (known.has(orderId) || possible.some((its) => isSame(its.parts ?? [], parts))))
        return [];
      if (orderId === undefined && isMadeOf(parts, possible)) return [];
      const order = orderId === undefined ? 'somebody' : `the order ${orderId}`;
      const partial = attempts.filter((attempt) => attempt.outcome !== 'ok' && isBeyond(attempt, parts));
      const isWhole = attempts.some((attempt) => attempt.outcome === 'fail' && isSame(attempt.parts ?? [], parts));
      return partial.length > 0 && !isWhole
        ? [
            say(
              'half-filled',
              `${order} has ${parts.join(', ')}, and whoever asked for that asked for more`,
              partial.slice(0, 1),
            ),
          ]
        : [
            say(
              'ghost-booking',
              `${order} has ${parts.join(', ')}, and nobody can have booked just that`,
              attempts.slice(0, 1),
            ),
          ];
    });
    return [...confirmed, ...others];
  });

/**
 * Did orders that overlap block each other? A deadlock shows as a request that is never answered, or as a 5xx where the
 * database broke it; whoever asks cannot tell from which of its own mistakes a server died, but in this race it may not.
 */
export const blockedOrders: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest): Finding[] => {
    const unknown = withOutcome(contest.attempts, 'info');
    const unanswered = unknown.filter(({ cause }) => cause === 'timeout');
    const broken = unknown.filter((attempt) => (statusOf(attempt) ?? 0) >= 500);
    if (unanswered.length === 0 && broken.length <= plan.limits.serverErrors) return [];
    const reasons = [
      ...(unanswered.length > 0 ? [`${counted(unanswered.length, 'order')} got no answer in time`] : []),
      ...(broken.length > 0 ? [`${counted(broken.length, 'order')} got 5xx`] : []),
    ];
    return [
      {
        id: 'deadlock',
        severity: 'violation',
        ...placeOf(contest),
        message: `${history.run.label}s of ${contest.inventory.key}: orders that overlap stood in each other's way: ${reasons.join(', ')}`,
        witness: [unanswered, broken].flatMap((its) => its.slice(0, 1)),
      },
    ];
  });

/** What the server holds together: the parts of one order; where it names no orders, all that is taken. */
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
  return [...Map.groupBy(held, ({ orderId }) => orderId)].map(([orderId, its]) => ({
    orderId,
    parts: its.map(({ part }) => part),
  }));
}

/** Whether some of the attempts together, no two of which overlap, want just these parts. */
function isMadeOf(parts: readonly string[], attempts: readonly Attempt[]): boolean {
  const [first] = parts;
  if (first === undefined) return true;
  const suitable = attempts.filter(
    ({ parts: its = [] }) => its.includes(first) && its.every((part) => parts.includes(part)),
  );
  // Two that want the same are one choice; what is left has fewer parts, so this ends.
  const choices = new Map(suitable.map(({ parts: its = [] }) => [its.toSorted().join('\n'), its]));
  return [...choices.values()].some((its) =>
    isMadeOf(
      parts.filter((part) => !its.includes(part)),
      attempts,
    ),
  );
}

const isBeyond = ({ parts: wanted = [] }: Attempt, parts: readonly string[]) =>
  wanted.length > parts.length && parts.every((part) => wanted.includes(part));

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((its) => b.includes(its));

/** `order 41fe (VU 3: A1, A2)` */
const orderOf = ({ vu, parts = [], ...its }: Attempt & { readonly outcome: 'ok' }) =>
  `order${its.orderId === undefined ? '' : ` ${its.orderId}`} (VU ${vu}: ${parts.join(', ')})`;
