import type { IncomingHttpHeaders } from 'node:http';
import type { Attempt, Conclusion, Intent } from '../../../../model/index.ts';
import { type Blotter, fingerprintOf, type KeepRequest, settledConclusion, traceIdIn } from '../../recording/index.ts';
import type { EndedRequest } from './ended-request.ts';
import type { ReadOutcome } from './read-outcome.ts';

export interface AttemptOptions {
  readonly blotter: Blotter;
  /** The number of this worker; undefined if only one has contenders. */
  readonly thread: number | undefined;
  /** The server that it went to, as an origin; undefined where there is only the target. */
  readonly instance: string | undefined;
  /** Whom a request with these headers is signed in as. */
  readonly identityOf: (headers: IncomingHttpHeaders) => number | undefined;
  /** What the history keeps of the request itself. */
  readonly requestOf: KeepRequest;
}

/**
 * The attempt that goes into the history.
 */
export function attemptOf(
  { vu, round, visit, line, exchange, plannedAtMs, read, settled }: EndedRequest,
  readOutcome: ReadOutcome,
  { blotter, thread, instance, identityOf, requestOf }: AttemptOptions,
): Attempt | Promise<Attempt> {
  const { request, reply, timing } = exchange;
  const { inventory, intent } = line;
  const identity = identityOf(request.headers);
  const traceId = traceIdIn(request.rawHeaders);
  const decided = settled?.kind === 'decided' ? settled : undefined;
  const attemptWith = (first: Conclusion): Attempt => {
    const conclusion = settled === undefined ? first : settledConclusion(first, decided?.conclusion);
    const kept = requestOf(round, conclusion.outcome, request);
    return {
      round,
      inventory: blotter.id(inventory),
      ...(visit !== undefined && { visit }),
      vu,
      ...(thread !== undefined && { thread }),
      ...(identity !== undefined && { identity }),
      ...(instance !== undefined && { instance }),
      ...withoutSecrets(intent, blotter),
      ...(intent.idempotencyKey !== undefined && { fingerprint: fingerprintOf(request) }),
      ...(traceId !== undefined && { traceId }),
      ...(kept !== undefined && { request: kept }),
      ...(plannedAtMs !== undefined && { plannedAtMs }),
      ...timing,
      ...(decided && { completedAtMs: decided.atMs, settledAfterMs: decided.atMs - timing.completedAtMs }),
      ...(line.judge === false && { judged: false as const }),
      ...conclusion,
    };
  };
  const conclusion = read ?? readOutcome(reply, request, { round, inventory, vu, ...intent });
  return conclusion instanceof Promise ? conclusion.then(attemptWith) : attemptWith(conclusion);
}

/** These name things, and are compared by the judging. */
const withoutSecrets = ({ user, idempotencyKey, parts, ...intent }: Intent, { id }: Blotter): Intent => ({
  ...intent,
  ...(parts !== undefined && { parts: parts.map(id) }),
  ...(user !== undefined && { user: id(user) }),
  ...(idempotencyKey !== undefined && { idempotencyKey: id(idempotencyKey) }),
});
