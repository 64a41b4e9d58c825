import { type Attempt, type Finding, hasStatus, type Plan, type StatusSet, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, counted, placeOf } from './evidence.ts';

type Confirmed = Attempt & { readonly outcome: 'ok' };

/** All attempts under one idempotency key. */
interface Submission {
  readonly contest: Contest;
  readonly key: string;
  readonly attempts: readonly Attempt[];
  readonly confirmed: readonly Confirmed[];
}

/** Did one idempotency key, under which the same was asked for each time, make more than one order? */
export const duplicateOrder: Checker = ({ inventories }) =>
  inventories.flatMap((contest) => {
    const submissions = submissionsIn(contest);
    const answered = submissions.flatMap(({ key, confirmed, contest: its }) =>
      [...Map.groupBy(confirmed, ({ fingerprint }) => fingerprint).values()].flatMap((same): Finding[] => {
        const byOrder = [
          ...Map.groupBy(
            same.filter(({ orderId }) => orderId !== undefined),
            ({ orderId }) => orderId,
          ),
        ];
        if (byOrder.length <= 1) return [];
        const message = `idempotency key ${key}: one order, sent several times, became ${byOrder.length}: ${byOrder.map(([id]) => id).join(', ')}`;
        const witness = byOrder.slice(0, 2).flatMap(([, all]) => all.slice(0, 1));
        return [{ id: 'duplicate-order', severity: 'violation', ...placeOf(its), message, witness }];
      }),
    );
    return answered.length > 0 ? answered : storedTwice(contest, submissions);
  });

/** Asked of the server: it may have stored what it did not admit to. */
function storedTwice(contest: Contest, submissions: readonly Submission[]): Finding[] {
  const possible = submissions.filter(({ attempts }) => attempts.some(({ outcome }) => outcome !== 'fail')).length;
  const stored = storedIn(contest);
  // An attempt that the history does not hold may have had a key of its own.
  if (stored === undefined || possible === 0 || stored <= possible + contest.missing) return [];
  const message = `${contest.inventory.key}: the server holds ${counted(stored, 'order')} for ${counted(possible, 'idempotency key')}`;
  const witness = submissions.flatMap(({ attempts }) => attempts.slice(0, 1));
  return [{ id: 'duplicate-order', severity: 'violation', ...placeOf(contest), message, witness }];
}

/** Was something else, asked for under a key that was used before, granted? */
export const keyReused: Checker = ({ inventories }) =>
  eachOf(inventories, ({ contest, key, confirmed }) => {
    const byRequest = [...Map.groupBy(confirmed, ({ fingerprint }) => fingerprint).values()];
    if (byRequest.length <= 1) return [];
    const message = `idempotency key ${key}: ${byRequest.length} different requests under it were granted; all but one had to be refused`;
    const witness = byRequest.slice(0, 2).flatMap((its) => its.slice(0, 1));
    return [{ id: 'key-reused', severity: 'violation', ...placeOf(contest), message, witness }];
  });

/** Were orders under two keys taken for one? */
export const keysMerged: Checker = ({ inventories }) =>
  inventories.flatMap((contest) => {
    const confirmed = submissionsIn(contest).flatMap((its) => its.confirmed);
    const byOrder = Map.groupBy(
      confirmed.filter(({ orderId }) => orderId !== undefined),
      ({ orderId }) => orderId,
    );
    return [...byOrder].flatMap(([orderId, its]): Finding[] => {
      const byKey = [...Map.groupBy(its, ({ idempotencyKey }) => idempotencyKey)];
      if (byKey.length <= 1) return [];
      const message = `the idempotency keys ${byKey.map(([key]) => key).join(', ')} got one order: ${orderId}`;
      const witness = byKey.slice(0, 2).flatMap(([, all]) => all.slice(0, 1));
      return [{ id: 'keys-merged', severity: 'violation', ...placeOf(contest), message, witness }];
    });
  });

/** Was a repetition of an order that was granted answered otherwise? That the first is still under way may be said. */
export const unequalAnswers: Checker = ({ plan, inventories }) =>
  eachOf(inventories, ({ contest, key, attempts, confirmed }) =>
    [...Map.groupBy(confirmed, ({ fingerprint }) => fingerprint)].flatMap(([fingerprint, [granted]]): Finding[] => {
      const refused = withOutcome(attempts, 'fail').filter(
        (attempt) =>
          attempt.fingerprint === fingerprint &&
          attempt.reason === 'lost' &&
          attempt.releasedAtMs !== undefined &&
          !hasStatus(inProgressOf(plan), attempt.answer.status),
      );
      const [first] = refused;
      if (granted === undefined || first === undefined) return [];
      const statuses = [...new Set(refused.map(({ answer }) => answer.status))].join(', ');
      const message = `idempotency key ${key}: the order was granted, and ${counted(refused.length, 'repetition')} of it refused (${statuses})`;
      return [
        { id: 'unequal-answers', severity: 'violation', ...placeOf(contest), message, witness: [granted, first] },
      ];
    }),
  );

/** Was everything refused under a key, so that there is no order at all? */
export const noOrder: Checker = ({ inventories }) =>
  eachOf(inventories, ({ contest, key, attempts }) => {
    if (attempts.some((attempt) => attempt.outcome !== 'fail' || attempt.reason !== 'lost')) return [];
    if (contest.missing > 0 || (storedIn(contest) ?? 0) > 0) return [];
    const message = `idempotency key ${key} got no order: each of ${counted(attempts.length, 'attempt')} was refused`;
    return [{ id: 'no-winner', severity: 'violation', ...placeOf(contest), message, witness: attempts.slice(0, 1) }];
  });

/** Does the server not have an order that was granted, or have one though everything was refused? */
export const storedOrders: Checker = ({ inventories }) =>
  inventories.flatMap((contest): Finding[] => {
    const { inventory, attempts, readBack, missing } = contest;
    if (readBack?.kind !== 'read') return [];
    const ids = new Set(readBack.orderIds);
    // A list with fewer ids than units does not name every order, so none is missing in it.
    const namesAll = readBack.orderIds.length >= readBack.units && ids.size > 0;
    const submissions = submissionsIn(contest);
    const granted = submissions.filter(({ confirmed }) => confirmed.length > 0);
    const lost = granted.flatMap(({ confirmed }) =>
      confirmed.filter(({ orderId }) => orderId !== undefined && !ids.has(orderId)).slice(0, 1),
    );
    const left = readBack.units - contest.unitsBefore;
    const surplus = granted.flatMap(({ confirmed }) => confirmed.slice(0, 1)).slice(Math.max(0, left));
    const witness = namesAll ? lost : surplus;
    if (witness.length > 0) {
      const orders = witness.map(({ orderId, vu }) => orderId ?? `of VU ${vu}`).join(', ');
      const message = `${inventory.key}: the order ${orders} was acknowledged, and the server does not have it`;
      return [{ id: 'lost-booking', severity: 'violation', ...placeOf(contest), message, witness }];
    }
    const stored = storedIn(contest) ?? 0;
    if (stored <= missing || attempts.some(({ outcome }) => outcome !== 'fail')) return [];
    const message = `${inventory.key}: the server holds ${counted(stored, 'order')}, and every attempt was refused`;
    return [
      { id: 'ghost-booking', severity: 'violation', ...placeOf(contest), message, witness: attempts.slice(0, 1) },
    ];
  });

/** Can nobody say whether it was one order or several, because no answer names it and the server was not asked? */
export const namelessOrders: Checker = ({ inventories }) =>
  eachOf(inventories, ({ contest, key, confirmed }) => {
    const nameless = confirmed.filter(({ orderId }) => orderId === undefined);
    if (nameless.length === 0 || confirmed.length === 1 || contest.readBack?.kind === 'read') return [];
    const message = `idempotency key ${key}: ${counted(nameless.length, 'answer')} of ${confirmed.length} name no order, so nobody can say how many there are`;
    return [{ id: 'indeterminate', severity: 'doubt', ...placeOf(contest), message, witness: nameless.slice(0, 1) }];
  });

/** The statuses with which a repetition may be told that the first is still under way. */
export const inProgressOf = ({ rule }: Plan): StatusSet =>
  rule !== undefined && 'inProgress' in rule ? rule.inProgress : [];

const eachOf = (inventories: readonly Contest[], judge: (submission: Submission) => Finding[]): Finding[] =>
  inventories.flatMap((contest) => submissionsIn(contest).flatMap(judge));

function submissionsIn(contest: Contest): Submission[] {
  return [...Map.groupBy(contest.attempts, ({ idempotencyKey }) => idempotencyKey)].flatMap(([key, attempts]) =>
    key === undefined ? [] : [{ contest, key, attempts, confirmed: withOutcome(attempts, 'ok') }],
  );
}

/** How many orders of this race the server surely holds; undefined where nobody knows. */
function storedIn({ readBack, unitsBefore, isBeforeUnknown }: Contest): number | undefined {
  if (readBack?.kind !== 'read' || isBeforeUnknown) return undefined;
  return (readBack.orderIds.length > 0 ? readBack.orderIds.length : readBack.units) - unitsBefore;
}
