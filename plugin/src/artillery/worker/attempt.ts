import type { Attempt } from '../../../../model/index.ts';
import type { Reply } from '../../gate/index.ts';
import { fingerprintOf, type outcomeReader } from '../../recording/index.ts';
import type { EndedRequest } from './contender.ts';

/**
 * The attempt that goes into the history.
 *
 * @param thread the number of this worker; undefined if only one has contenders
 */
export function attemptOf(
  { vu, round, line, exchange, plannedAtMs }: EndedRequest,
  readOutcome: ReturnType<typeof outcomeReader>,
  thread: number | undefined,
): Attempt {
  const { request, reply, timing } = exchange;
  const { inventory, intent } = line;
  return {
    round,
    inventory,
    vu,
    ...(thread !== undefined && { thread }),
    ...intent,
    ...(intent.idempotencyKey !== undefined && { fingerprint: fingerprintOf(request) }),
    ...(plannedAtMs !== undefined && { plannedAtMs }),
    ...timing,
    ...readOutcome(reply, request, intent.operation),
  };
}

/** For these the engine (`got`) sends the request to another address: that may book, and the gate does not hold it. */
const REDIRECTS = new Set([300, 301, 302, 304, 307, 308]);

/** @returns a sentence if the answer is a redirect that decides nothing */
export function redirectProblem({ outcome }: Attempt, reply: Reply): string | undefined {
  if (outcome !== 'info' || reply.kind !== 'complete') return undefined;
  if (!REDIRECTS.has(reply.status) || reply.headers.location === undefined) return undefined;
  return `race: the target redirects the request (${reply.status}), and what follows is not raced; send it where it ends up`;
}
