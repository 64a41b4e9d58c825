import fc from 'fast-check';
import type { Attempt, Conclusion, History, Intent, Inventory, Plan, ReadBack, Rule } from '../../model/index.ts';
import {
  asking,
  cutOff,
  history,
  nameless,
  ok,
  operation,
  pending,
  plan,
  refused,
  round,
  serverError,
  unanswered,
  unrecognised,
} from './histories.ts';

/**
 * Histories of systems that do everything right, on a network and behind a queue that do not: answers get lost, a read-back
 * knows little, rounds are weak. What really happened is known here, so no judging may call it wrong.
 */

/** An answer of which the body is lost, while the status says that it refuses. */
const refusedAndCut = (status: number): Conclusion => {
  const whole = refused(status) as Conclusion & { outcome: 'fail' };
  return { ...whole, answer: { ...whole.answer, bodyLost: 'reset: the connection was closed' } };
};

/** How the buyer of an order may be answered. */
const toBuyer = (orderId: string): fc.Arbitrary<Conclusion> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(ok(201, orderId)) },
    fc.constantFrom(nameless(), unanswered(), unanswered('reset'), cutOff(201), unrecognised(200), pending()),
    fc.constant(pending(orderId)),
  );

/** How anybody else may be answered. */
const toLoser = (jobId: string): fc.Arbitrary<Conclusion> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(400, 409, 423).map((status) => refused(status)) },
    fc.constantFrom(400, 409).map(refusedAndCut),
    fc.constantFrom(serverError(), unanswered(), unanswered('reset'), unrecognised(422), pending()),
    fc.constant(pending(jobId)),
  );

/** How much a read-back says. `some`: "taken" as soon as one is sold; `sold out`: only when all are. */
const READ_BACKS = ['off', 'ids', 'units', 'some', 'sold out', 'unreadable'] as const;
type Kind = (typeof READ_BACKS)[number];

function readBackOf(
  kind: Kind,
  { key, capacity }: Inventory,
  when: ReadBack['when'],
  orderIds: readonly string[],
): ReadBack[] {
  const asked = { inventory: key, when };
  const units = orderIds.length;
  const word = (isTaken: boolean): ReadBack => ({
    ...asked,
    kind: 'read',
    units: isTaken ? 1 : 0,
    orderIds: [],
    counts: false,
  });
  switch (kind) {
    case 'off':
      return [];
    case 'ids':
      return units === 0 ? [word(false)] : [{ ...asked, kind: 'read', units, orderIds }];
    case 'units':
      return [{ ...asked, kind: 'read', units, orderIds: [] }];
    case 'some':
      return [word(units > 0)];
    case 'sold out':
      return [word(units >= capacity)];
    case 'unreadable':
      return [{ ...asked, kind: 'unreadable', error: 'status 500' }];
  }
}

/** A later release than the limit on the spread allows. */
const weakened = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.map((attempt, index) =>
    index > 0
      ? attempt
      : { ...attempt, releasedAtMs: (attempt.releasedAtMs ?? 0) + 60, completedAtMs: attempt.completedAtMs + 60 },
  );

const lenient = (strongRounds: number | undefined): Plan['limits'] => ({
  ...plan().limits,
  serverErrors: 1000,
  ...(strongRounds !== undefined && { strongRounds }),
});

const situation = fc.record({
  isUnreadBefore: fc.boolean(),
  kindAfter: fc.constantFrom(...READ_BACKS),
  settles: fc.boolean(),
  /** Without `settleMs`, a queue may be slower than the read-back. */
  isEarly: fc.boolean(),
  isWeak: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  strongRounds: fc.constantFrom(undefined, 0.5, 0.75),
});
type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

/** The same kind of read-back is asked before and after the race, and its first answer may be unreadable. */
function kindsOf({ isUnreadBefore, kindAfter }: Situation, prior: number): readonly [before: Kind, after: Kind] {
  const kind = kindAfter === 'off' && prior > 0 ? 'ids' : kindAfter;
  return [kind !== 'off' && isUnreadBefore ? 'unreadable' : kind, kind];
}

interface Sale {
  readonly inventory: Inventory;
  readonly prior: readonly string[];
  readonly orders: readonly { readonly orderId: string; readonly ending: Conclusion; readonly intent: Intent }[];
  readonly losers: readonly { readonly ending: Conclusion; readonly intent: Intent }[];
}

function told(sales: readonly Sale[], rule: Rule | undefined, how: Situation): History {
  const contenders = Math.max(...sales.map(({ orders, losers }) => orders.length + losers.length));
  const prior = sales.reduce((count, sale) => count + sale.prior.length, 0);
  const [before, after] = kindsOf(how, prior);
  const attempts = sales.flatMap(({ inventory, orders, losers }, index) => {
    const everybody = [...losers, ...orders];
    const missing = Array.from({ length: contenders - everybody.length }, () => ({ ending: refused(409), intent: {} }));
    const all = [...everybody, ...missing];
    const raced = asking(
      round(
        index + 1,
        inventory.key,
        all.map(({ ending }) => ending),
      ),
      all.map(({ intent }) => intent),
    );
    return how.isWeak[index] ? weakened(raced) : raced;
  });
  return history(
    plan({
      contenders,
      inventories: sales.map(({ inventory }) => inventory),
      readBack: after !== 'off',
      limits: lenient(how.strongRounds),
      ...(how.settles && { settleMs: 6000 }),
      ...(rule && { rule }),
    }),
    attempts,
    sales.flatMap(({ inventory, prior: old, orders }) => {
      const isSlow = how.isEarly && !how.settles;
      const stored = orders.filter(
        ({ ending }) => !(isSlow && ending.outcome === 'info' && ending.cause === 'pending'),
      );
      const now = [...old, ...stored.map(({ orderId }) => orderId)];
      return [...readBackOf(before, inventory, 'before', old), ...readBackOf(after, inventory, 'after', now)];
    }),
  );
}

const saleOf = (
  key: string,
  { capacity, prior, losers }: { capacity: number; prior: number; losers: number },
): fc.Arbitrary<Sale> => {
  const free = capacity - prior;
  const ids = Array.from({ length: free }, (_, index) => `${key}-order-${index}`);
  return fc
    .tuple(
      fc.tuple(...ids.map(toBuyer)),
      fc.tuple(...Array.from({ length: losers }, (_, index) => toLoser(`${key}-job-${index}`))),
    )
    .map(([endings, lost]) => ({
      inventory: { key, capacity },
      prior: Array.from({ length: prior }, (_, index) => `${key}-old-${index}`),
      orders: endings.map((ending, index) => ({ orderId: ids[index] ?? '', ending, intent: {} })),
      losers: lost.map((ending) => ({ ending, intent: {} })),
    }));
};

/** Sells each unit once: seats, pools, coupons, and what one person may have. */
export const rightSales: fc.Arbitrary<History> = fc
  .record({
    seats: fc.integer({ min: 1, max: 3 }),
    capacity: fc.integer({ min: 1, max: 3 }),
    priorShare: fc.nat({ max: 2 }),
    losers: fc.integer({ min: 2, max: 4 }),
    name: fc.constantFrom('order-race', 'coupon', 'per-user-limit', 'quota'),
  })
  .chain(({ seats, capacity, priorShare, losers, name }) =>
    fc
      .tuple(
        fc.tuple(
          ...Array.from({ length: seats }, (_, index) =>
            saleOf(`S${index}`, { capacity, prior: Math.min(priorShare, capacity - 1), losers }),
          ),
        ),
        situation,
      )
      .map(([sales, how]) => told(sales, name === 'order-race' ? undefined : ({ name } as Rule), how)),
  );

/** One order for each idempotency key, whatever repetition is answered, and in whatever way. */
export const rightSubmissions: fc.Arbitrary<History> = fc
  .record({ keys: fc.integer({ min: 1, max: 2 }), repetitions: fc.integer({ min: 1, max: 3 }) })
  .chain(({ keys, repetitions }) => {
    const answers = Array.from({ length: keys }, (_, key) => {
      const toRepetition = fc.oneof(toBuyer(`order-${key}`), fc.constantFrom(refused(409), serverError()));
      return fc.tuple(toBuyer(`order-${key}`), fc.tuple(...Array.from({ length: repetitions }, () => toRepetition)));
    });
    return fc.tuple(fc.tuple(...answers), situation).map(([byKey, how]) => {
      const intent = (key: number) => ({ idempotencyKey: `k${key}`, fingerprint: 'f' });
      const sale: Sale = {
        inventory: { key: 'cart', capacity: keys },
        prior: [],
        orders: byKey.map(([ending], key) => ({ orderId: `order-${key}`, ending, intent: intent(key) })),
        losers: byKey.flatMap(([, others], key) => others.map((ending) => ({ ending, intent: intent(key) }))),
      };
      return told([sale], { name: 'double-submit', inProgress: [409] }, { ...how, isEarly: false });
    });
  });

/** Two orders of a row get everything, and two that overlap with both get nothing. Here nobody may wait in vain. */
export const rightOrders: fc.Arbitrary<History> = fc
  .record({
    buyers: fc.tuple(toBuyer('x'), toBuyer('y')),
    losers: fc.tuple(toLoser('j'), toLoser('k')),
    knowsOrders: fc.boolean(),
    settles: fc.boolean(),
  })
  .filter(({ buyers, losers }) =>
    [...buyers, ...losers].every(
      (ending) => ending.outcome !== 'info' || !['timeout', 'server-error'].includes(ending.cause),
    ),
  )
  .map(({ buyers, losers, knowsOrders, settles }) => {
    const parts = ['A1', 'A2', 'A3', 'A4'];
    const wanted = [parts.slice(0, 2), parts.slice(2), parts.slice(1, 3), ['A1', 'A4']];
    return history(
      plan({
        contenders: 4,
        readBack: true,
        limits: lenient(undefined),
        inventories: [{ key: 'row', capacity: 4, parts }],
        rule: { name: 'overlapping-orders' },
        ...(settles && { settleMs: 6000 }),
      }),
      asking(
        round(1, 'row', [...buyers, ...losers]),
        wanted.map((some) => ({ parts: some })),
      ),
      parts.map((part, index) => ({
        inventory: part,
        when: 'after',
        kind: 'read',
        units: 1,
        orderIds: knowsOrders ? [index < 2 ? 'x' : 'y'] : [],
        ...(!knowsOrders && { counts: false }),
      })),
    );
  });

/** One person books, gives the seat up while others go for it, and another one gets it. */
export const rightTurns: fc.Arbitrary<History> = fc
  .record({
    rebooked: toBuyer('y'),
    cancelled: fc.constantFrom(ok(200, 'x'), nameless(), unanswered(), cutOff(200), pending(), serverError()),
    lost: toLoser('j'),
    kind: fc.constantFrom<Kind>('ids', 'units', 'some', 'unreadable'),
    settles: fc.boolean(),
  })
  .map(({ rebooked, cancelled, lost, kind, settles }) => {
    const seat: Inventory = { key: 'A', capacity: 1 };
    return history(
      plan({
        contenders: 3,
        readBack: true,
        limits: lenient(undefined),
        rule: { name: 'cancel-rebook', busy: [423] },
        ...(settles && { settleMs: 6000 }),
      }),
      [
        operation(1, 'book', ok(201, 'x'), [0, 10], 1),
        operation(2, 'book', refused(409), [0, 11], 1),
        operation(3, 'book', refused(409), [0, 12], 1),
        operation(1, 'cancel', cancelled, [100, 110], 2),
        operation(2, 'book', rebooked, [100, 120], 2),
        operation(3, 'book', lost, [100, 115], 2),
      ],
      readBackOf(kind, seat, 'after', ['y']),
    );
  });
