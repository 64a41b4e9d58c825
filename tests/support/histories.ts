import {
  type Attempt,
  type Conclusion,
  type FailReason,
  HISTORY_VERSION,
  type History,
  type HistoryRecord,
  type InfoCause,
  type Intent,
  type Operation,
  type Plan,
  type Problem,
  type ReadBack,
  type Rule,
} from '../../model/index.ts';

/** Tiny builders: a history in one line of a test. */

export const ok = (status = 201, orderId = 'order-1'): Conclusion => ({
  outcome: 'ok',
  orderId,
  answer: { kind: 'answered', status, body: `{"order_id":"${orderId}"}`, bodyBytes: 22 },
});

export const refused = (status = 400, message = 'Seat validation failed', reason: FailReason = 'lost'): Conclusion => ({
  outcome: 'fail',
  reason,
  message,
  answer: { kind: 'answered', status, body: JSON.stringify({ message }), bodyBytes: 40 },
});

export const unanswered = (cause: InfoCause = 'timeout', error = 'no answer within 10000 ms'): Conclusion => ({
  outcome: 'info',
  cause,
  answer: { kind: 'unanswered', error },
});

export const serverError = (status = 500, message = 'boom'): Conclusion => ({
  outcome: 'info',
  cause: 'server-error',
  message,
  answer: { kind: 'answered', status, body: JSON.stringify({ message }), bodyBytes: 20 },
});

/** The head of an answer came, and the rest of it was lost. */
export const cutOff = (status = 201, bodyLost = 'reset: the connection was closed'): Conclusion => ({
  outcome: 'info',
  cause: 'unreadable',
  answer: { kind: 'answered', status, body: '{"order', bodyBytes: 7, bodyLost },
  ...(status < 400 && { mayPromise: true }),
});

/** Accepted, to be decided later. */
export const pending = (orderId?: string): Conclusion => ({
  outcome: 'info',
  cause: 'pending',
  answer: { kind: 'answered', status: 202, body: '{"status":"pending"}', bodyBytes: 20 },
  ...(orderId !== undefined && { orderId, mayPromise: true }),
});

/** Neither a success nor a refusal as configured. */
export const unrecognised = (status = 200, cause: InfoCause = 'unrecognised'): Conclusion => ({
  outcome: 'info',
  cause,
  message: 'You did not select any products.',
  answer: { kind: 'answered', status, body: 'You did not select any products.', bodyBytes: 32 },
  ...(status < 400 && { mayPromise: true }),
});

/**
 * One round in real contention: contender 1..N in the order given, all released within half a millisecond, 100 ms after the
 * round before, answered 20 to 30 ms later.
 */
export function round(number: number, inventory: string, conclusions: readonly Conclusion[]): Attempt[] {
  const startMs = number * 100;
  return conclusions.map((conclusion, index) => ({
    ...conclusion,
    round: number,
    inventory,
    vu: index + 1,
    stagedAtMs: startMs - 10,
    releasedAtMs: startMs + (0.5 * index) / conclusions.length,
    firstByteAtMs: startMs + 20 + (10 * index) / conclusions.length,
    completedAtMs: startMs + 20.2 + (10 * index) / conclusions.length,
  }));
}

/** `times(99, refused)` is 99 refusals. */
export const times = (count: number, make: () => Conclusion): Conclusion[] =>
  Array.from({ length: count }, () => make());

export function plan(overrides: Partial<Plan> = {}): Plan {
  return {
    contenders: 4,
    inventories: [{ key: 'A', capacity: 1 }],
    limits: { rejections: [400, 409, 423], serverErrors: 0, p95Ms: 2000, spreadMs: 50, overlap: 0.5 },
    readBack: false,
    ...overrides,
  };
}

/** A finished history over the given plan. */
export function history(ofPlan: Plan, attempts: readonly Attempt[], readBacks: readonly ReadBack[] = []): History {
  return {
    run: {
      type: 'run',
      version: HISTORY_VERSION,
      runId: '0d0c0f6e-1111-4222-8333-444455556666',
      startedAt: '2026-01-02T03:04:05.000Z',
      env: 'demo',
      target: 'http://127.0.0.1:3000/orders',
      scenario: 'order-race.yml',
      label: 'seat',
      plan: ofPlan,
      config: {},
      command: './run-order-race-test.sh demo',
      versions: { plugin: '0.1.0', artillery: '2.0.34', node: '24.21.0' },
    },
    attempts,
    readBacks,
    problems: [],
    end: { type: 'end', endedAt: '2026-01-02T03:04:15.000Z', atMs: 10_000, reason: 'completed' },
  };
}

/** A problem that is about no virtual user. */
export const problem = (reason: string): Problem => ({ reason, count: 1, vus: [] });

/** The text of a history, as a run writes it. */
export function textOf({ run, attempts, readBacks, problems, end }: History): string {
  const records: readonly HistoryRecord[] = [
    run,
    ...attempts.map((attempt) => ({ type: 'attempt', ...attempt }) as const),
    ...readBacks.map((readBack) => ({ type: 'read-back', ...readBack }) as const),
    ...problems.flatMap(({ reason, step, vus }) =>
      (vus.length === 0 ? [undefined] : vus).map(
        (vu) =>
          ({ type: 'problem', reason, ...(step !== undefined && { step }), ...(vu !== undefined && { vu }) }) as const,
      ),
    ),
    ...(end === undefined ? [] : [end]),
  ];
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** What the server says about seat A. Without order ids it only says how many units are sold. */
export const stored = (
  units: number,
  orderIds: readonly string[] = [],
  when: ReadBack['when'] = 'after',
): ReadBack => ({
  inventory: 'A',
  when,
  kind: 'read',
  units,
  orderIds,
});

/** What a server says about seat A that only knows "taken" and "free". */
export const says = (word: 'taken' | 'free', when: ReadBack['when'] = 'after'): ReadBack => ({
  inventory: 'A',
  when,
  kind: 'read',
  units: word === 'taken' ? 1 : 0,
  orderIds: [],
  counts: false,
});

/** A success whose answer names no order. */
export function nameless(): Conclusion {
  const { orderId: _, ...rest } = ok() as Conclusion & { orderId?: string };
  return rest as Conclusion;
}

/** A plan that is judged by a rule, over inventory A. */
export const ruled = (rule: Rule, contenders: number, overrides: Partial<Plan> = {}): Plan =>
  plan({ contenders, rule, ...overrides });

/** The same attempts with what each of them asked for. */
export const asking = (attempts: readonly Attempt[], intents: readonly Intent[]): Attempt[] =>
  attempts.map((attempt, index) => ({ ...attempt, ...intents[index] }));

/** An operation on seat A, from its release to its answer. */
export const operation = (
  vu: number,
  kind: Operation,
  conclusion: Conclusion,
  [fromMs, toMs]: readonly [fromMs: number, toMs: number],
  round = 1,
): Attempt => ({
  ...conclusion,
  operation: kind,
  round,
  inventory: 'A',
  vu,
  stagedAtMs: Math.max(0, fromMs - 1),
  releasedAtMs: fromMs,
  firstByteAtMs: toMs,
  completedAtMs: toMs,
});

/** The same attempts, so that none is missing: a contender who does nothing in a round is one that was not let in. */
export function accounted(contenders: number, attempts: readonly Attempt[]): Attempt[] {
  const idle = [...Map.groupBy(attempts, (attempt) => attempt.round)].flatMap(([number, ofRound]) =>
    Array.from({ length: contenders }, (_, index) => index + 1)
      .filter((vu) => ofRound.every((attempt) => attempt.vu !== vu))
      .map((vu) => operation(vu, 'book', refused(401, '', 'not-authorised'), [0, 1], number)),
  );
  return [...attempts, ...idle];
}

/** A success that grants something by its id: units that the server chose, or values that it handed out. */
export const granting = (ids: readonly string[], orderId?: string): Conclusion => ({
  outcome: 'ok',
  answer: { kind: 'answered', status: 201, body: JSON.stringify({ granted: ids }), bodyBytes: 30 },
  ...(orderId !== undefined && { orderId }),
  ...(ids.length > 0 && { grantedIds: ids }),
});
