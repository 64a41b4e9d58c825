import {
  type Attempt,
  describeConclusion,
  type Plan,
  ruleOf,
  type Success,
  withOutcome,
} from '../../../model/index.ts';
import type { Contest } from './evidence.ts';

/** What the owners say that the server names, compared with the users of the attempts. */
export interface Owners {
  /** Bookings that somebody else owns than was told. */
  readonly others: readonly { readonly winner: Success; readonly owner: string }[];
  /** Attempts that were refused, and whose user the server names as an owner all the same. */
  readonly refused: readonly Attempt[];
}

const NOTHING: Owners = { others: [], refused: [] };

/** Empty where the server names no owners, and under rules by which a booking may change its owner. */
export function ownersOf(contest: Contest, plan: Plan): Owners {
  const { attempts, readBack, ownersBefore } = contest;
  const owners = readBack?.kind === 'read' ? readBack.owners : undefined;
  if (readBack?.kind !== 'read' || owners === undefined || ruleOf(plan).successes !== 'add up') return NOTHING;
  const winners = withOutcome(attempts, 'ok').filter(({ user }) => user !== undefined);
  const byOrder = new Map(
    owners.length === readBack.orderIds.length ? readBack.orderIds.map((id, index) => [id, owners[index] ?? '']) : [],
  );
  const ownerOf = ({ orderId }: Success) => (orderId === undefined ? undefined : byOrder.get(orderId));
  const misnamed = winners.flatMap((winner) => {
    const owner = ownerOf(winner);
    return owner === undefined || owner === winner.user ? [] : [{ winner, owner }];
  });
  // Without the orders beside them, the names alone must cover everybody who was told.
  const { left, without } = matched(owners, winners, ownersBefore);
  const isComplete = owners.length >= readBack.units;
  const unnamed = byOrder.size > 0 || !isComplete ? [] : pairs(without, left);
  const others = [...misnamed, ...unnamed];
  const explained = new Set(others.map(({ owner }) => owner));
  return { others, refused: refusedAmong(attempts, left, explained) };
}

/** Owners without a winner, and winners without an owner: each name counts as often as it stands there. */
function matched(owners: readonly string[], winners: readonly Success[], before: readonly string[]) {
  const left = [...owners];
  const takes = (name: string | undefined): boolean => {
    const at = left.indexOf(name ?? '');
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  for (const name of before) takes(name);
  const without = winners.filter(({ user }) => !takes(user));
  return { left, without };
}

const pairs = (winners: readonly Success[], owners: readonly string[]) =>
  winners.flatMap((winner, index) => {
    const owner = owners[index];
    return owner === undefined ? [] : [{ winner, owner }];
  });

/** Where everybody was refused, `ghost-booking` says so; who got no clear answer may be the one who owns it. */
function refusedAmong(
  attempts: readonly Attempt[],
  left: readonly string[],
  explained: ReadonlySet<string>,
): Attempt[] {
  if (attempts.every(({ outcome }) => outcome === 'fail')) return [];
  const mayOwn = new Set(
    attempts.flatMap(({ outcome, user }) => (outcome === 'fail' || user === undefined ? [] : user)),
  );
  return [...new Set(left)].flatMap((name) => {
    if (mayOwn.has(name) || explained.has(name)) return [];
    return attempts.find(({ user }) => user === name) ?? [];
  });
}

/** `VU 3 was told that ann got it, but the server says that bob owns it` */
export const otherOwnersText = (others: Owners['others']): string =>
  others
    .map(
      ({ winner, owner }) =>
        `VU ${winner.vu} was told that ${winner.user} got it, but the server says that ${owner} owns it`,
    )
    .join('; ');

/** `the server says that bob owns it, and bob was refused: VU 2 (409: taken)` */
export const refusedOwnersText = (refused: readonly Attempt[]): string =>
  refused
    .map(
      (attempt) =>
        `the server says that ${attempt.user} owns it, who was refused: VU ${attempt.vu} (${describeConclusion(attempt)})`,
    )
    .join('; ');
