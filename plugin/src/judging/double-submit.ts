import {
  type Attempt,
  counted,
  hasStatus,
  named,
  type Plan,
  type StatusSet,
  type Success,
  settingsOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Evidence, type Found, isUnsettled, subjectOf } from './evidence.ts';
import { isRequestProven, isUnclear } from './no-winner.ts';
import { missingText } from './stored-bookings.ts';

/** All attempts under one idempotency key. */
interface Submission {
  readonly contest: Contest;
  readonly key: string;
  readonly attempts: readonly Attempt[];
  readonly confirmed: readonly Success[];
  /** What makes two requests under the key the same request: its fingerprint, unless the rule lets them differ. */
  readonly requestOf: (attempt: Attempt) => string | undefined;
}

/** Did one idempotency key, always sent with the same request, make more than one order? */
export const duplicateOrder: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    const submissions = submissionsIn(contest, plan);
    // People who join one booking name no key that they know of: they name what they join.
    const isJoined = settingsOf(plan).mayDiffer ?? false;
    const nameOf = (key: string) =>
      isJoined && key === contest.inventory.key ? named(history.run.label, key) : `idempotency key ${key}`;
    const told = submissions.flatMap((submission) => toldTwice(submission, nameOf(submission.key)));
    return told.length > 0 ? told : storedTwice(contest, submissions);
  });

/** By the answers: the same request got several order ids. */
function toldTwice({ contest, confirmed, requestOf }: Submission, name: string): Found[] {
  return byRequest(confirmed, requestOf).flatMap((same): Found[] => {
    const orders = byOrderId(same);
    if (orders.length <= 1) return [];
    const ids = orders.map(([id]) => id).join(', ');
    const message = `${name}: one order, sent several times, became ${orders.length}: ${ids}`;
    return [{ id: 'duplicate-order', ...subjectOf(contest), message, witness: firstTwo(orders) }];
  });
}

/** By the server: it may have stored more than it admits. */
function storedTwice(contest: Contest, submissions: readonly Submission[]): Found[] {
  const possible = submissions.filter(({ attempts }) => attempts.some(({ outcome }) => outcome !== 'fail')).length;
  const stored = storedIn(contest);
  // An attempt that the history lacks may have had another key.
  if (stored === undefined || possible === 0 || stored <= possible + contest.missing) return [];
  const message = `${contest.inventory.key}: the server holds ${counted(stored, 'order')} for ${counted(possible, 'idempotency key')}`;
  const witness = submissions.flatMap(({ attempts }) => attempts.slice(0, 1));
  return [{ id: 'duplicate-order', ...subjectOf(contest), message, witness }];
}

/** Was a different request under a used key granted? */
export const keyReused: Checker = (evidence) =>
  eachOf(evidence, ({ contest, key, confirmed, requestOf }) => {
    const requests = byRequest(confirmed, requestOf);
    if (requests.length <= 1) return [];
    const message = `idempotency key ${key}: ${requests.length} different requests under it were granted; all but one had to be refused`;
    const witness = requests.slice(0, 2).flatMap((same) => same.slice(0, 1));
    return [{ id: 'key-reused', ...subjectOf(contest), message, witness }];
  });

/** Were orders under two keys taken for one? */
export const keysMerged: Checker = ({ plan, inventories }) =>
  inventories.flatMap((contest) =>
    byOrderId(submissionsIn(contest, plan).flatMap(({ confirmed }) => confirmed)).flatMap(
      ([orderId, same]): Found[] => {
        const byKey = [...Map.groupBy(same, ({ idempotencyKey }) => idempotencyKey)];
        if (byKey.length <= 1) return [];
        const message = `the idempotency keys ${byKey.map(([key]) => key).join(', ')} got one order: ${orderId}`;
        return [{ id: 'keys-merged', ...subjectOf(contest), message, witness: firstTwo(byKey) }];
      },
    ),
  );

/** Was a repetition of a granted order refused? An answer may say that the first request is still under way. */
export const unequalAnswers: Checker = (evidence) =>
  eachOf(evidence, ({ contest, key, attempts, confirmed, requestOf }) =>
    byRequest(confirmed, requestOf).flatMap(([granted]): Found[] => {
      if (granted === undefined) return [];
      const same = attempts.filter((attempt) => requestOf(attempt) === requestOf(granted));
      const refused = refusalsOf(same, settingsOf(evidence.plan).inProgress ?? []);
      const [first] = refused;
      if (first === undefined) return [];
      const statuses = [...new Set(refused.map(({ answer }) => answer.status))].join(', ');
      const message = `idempotency key ${key}: the order was granted, but ${counted(refused.length, 'repetition')} of it refused (${statuses})`;
      return [{ id: 'unequal-answers', ...subjectOf(contest), message, witness: [granted, first] }];
    }),
  );

const refusalsOf = (attempts: readonly Attempt[], inProgress: StatusSet) =>
  withOutcome(attempts, 'fail').filter(
    (attempt) =>
      attempt.reason === 'lost' &&
      attempt.releasedAtMs !== undefined &&
      // An attempt that was accepted (202) got no refusal as its answer: the read-back decided it later.
      attempt.settledBy === undefined &&
      !hasStatus(inProgress, attempt.answer.status),
  );

/** Was everything under a key refused, so that there is no order at all? Who got no clear answer may have got one. */
export const noOrder: Checker = (evidence) =>
  eachOf(
    isRequestProven(evidence) ? evidence : { ...evidence, inventories: [] },
    ({ contest, key, attempts, confirmed }) => {
      const unknown = withOutcome(attempts, 'info');
      const refused = withOutcome(attempts, 'fail');
      if (confirmed.length > 0 || refused.length === 0 || refused.some(({ reason }) => reason !== 'lost')) return [];
      if (contest.missing > 0 || (storedIn(contest) ?? 0) > 0) return [];
      const isFree = storedIn(contest) === 0 && !isUnsettled(contest) && !unknown.some(isUnclear);
      if (unknown.length > 0 && !isFree) return [];
      const how = unknown.length === 0 ? '' : ' or left without an answer, and the server holds none';
      const message = `idempotency key ${key} got no order: each of ${counted(attempts.length, 'attempt')} was refused${how}`;
      return [{ id: 'no-winner', ...subjectOf(contest), message, witness: attempts.slice(0, 1) }];
    },
  );

/** Does the server lack an order that was granted, or hold one although every attempt was refused? */
export const storedOrders: Checker = ({ plan, inventories }) =>
  inventories.flatMap((contest): Found[] => {
    const { inventory, attempts, missing } = contest;
    const lost = lostOrders(contest, plan);
    if (lost !== undefined) {
      const message = `${inventory.key}: ${lost.what}`;
      const doubt = isUnsettled(contest) ? { severity: 'doubt' as const } : {};
      return [{ id: 'lost-booking', ...doubt, ...subjectOf(contest), message, witness: lost.witness }];
    }
    const stored = storedIn(contest) ?? 0;
    if (stored <= missing || attempts.some(({ outcome }) => outcome !== 'fail')) return [];
    const message = `${inventory.key}: the server holds ${counted(stored, 'order')}, although every attempt was refused`;
    return [{ id: 'ghost-booking', ...subjectOf(contest), message, witness: attempts.slice(0, 1) }];
  });

function lostOrders(
  contest: Contest,
  plan: Plan,
): { readonly what: string; readonly witness: readonly Success[] } | undefined {
  const { readBack, unitsBefore, storedUnits } = contest;
  if (readBack?.kind !== 'read' || storedUnits === undefined) return undefined;
  const granted = submissionsIn(contest, plan).filter(({ confirmed }) => confirmed.length > 0);
  const ids = new Set(readBack.orderIds);
  // A list with fewer ids than units does not name every order, so an id may be missing in it.
  if (readBack.orderIds.length >= storedUnits && ids.size > 0) {
    const lost = granted.flatMap(({ confirmed }) =>
      confirmed.filter(({ orderId }) => orderId !== undefined && !ids.has(orderId)).slice(0, 1),
    );
    const what = `the order ${lost.map(({ orderId }) => orderId).join(', ')} was acknowledged, but the server does not have it`;
    return lost.length === 0 ? undefined : { what, witness: lost };
  }
  const missing = granted.length - Math.max(0, storedUnits - unitsBefore);
  const witness = granted.flatMap(({ confirmed }) => confirmed.slice(0, 1));
  return missing <= 0 ? undefined : { what: missingText(missing, granted.length), witness };
}

/** Are there answers without an order id, so that nobody can say whether it was one order or several? */
export const namelessOrders: Checker = (evidence) =>
  eachOf(evidence, ({ contest, key, confirmed }) => {
    const nameless = confirmed.filter(({ orderId }) => orderId === undefined);
    if (nameless.length === 0 || confirmed.length === 1 || contest.storedUnits !== undefined) return [];
    const message = `idempotency key ${key}: ${counted(nameless.length, 'answer')} of ${confirmed.length} name no order, so nobody can say how many there are`;
    return [{ id: 'indeterminate', ...subjectOf(contest), message, witness: nameless.slice(0, 1) }];
  });

type Raced = Pick<Evidence, 'plan' | 'inventories'>;

const eachOf = ({ plan, inventories }: Raced, judge: (submission: Submission) => Found[]): Found[] =>
  inventories.flatMap((contest) => submissionsIn(contest, plan).flatMap(judge));

function submissionsIn(contest: Contest, plan: Plan): Submission[] {
  const mayDiffer = settingsOf(plan).mayDiffer === true;
  const requestOf = ({ fingerprint }: Attempt) => (mayDiffer ? undefined : fingerprint);
  return [...Map.groupBy(contest.attempts, ({ idempotencyKey }) => idempotencyKey)].flatMap(([key, attempts]) =>
    key === undefined ? [] : [{ contest, key, attempts, confirmed: withOutcome(attempts, 'ok'), requestOf }],
  );
}

const byRequest = (confirmed: readonly Success[], requestOf: Submission['requestOf']): Success[][] => [
  ...Map.groupBy(confirmed, requestOf).values(),
];

const byOrderId = (confirmed: readonly Success[]): [orderId: string, same: Success[]][] =>
  [...Map.groupBy(confirmed, ({ orderId }) => orderId)].flatMap(([orderId, same]) =>
    orderId === undefined ? [] : [[orderId, same]],
  );

/** The first attempt of each of the first two groups. */
const firstTwo = (groups: readonly (readonly [unknown, readonly Attempt[]])[]): Attempt[] =>
  groups.slice(0, 2).flatMap(([, same]) => same.slice(0, 1));

/** How many orders of this race the server surely holds, or more; undefined where nobody knows. */
function storedIn({ readBack, storedUnits, unitsBefore, gainedUnits, isBeforeUnknown }: Contest): number | undefined {
  if (readBack?.kind !== 'read' || isBeforeUnknown) return undefined;
  if (storedUnits === undefined) return gainedUnits > 0 ? gainedUnits : undefined;
  return (readBack.orderIds.length > 0 ? readBack.orderIds.length : storedUnits) - unitsBefore;
}
