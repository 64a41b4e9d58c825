import { type Attempt, type Conclusion, operationNamed, operationOf } from '../../../../model/index.ts';
import type { Reply } from '../../gate/index.ts';
import { fingerprintOf, type outcomeReader } from '../../recording/index.ts';
import type { EndedRequest } from './contender.ts';

/**
 * The attempt that goes into the history.
 *
 * @param thread the number of this worker; undefined if only one has contenders
 * @param problem called with a sentence if the answer shows that the race is not what the suite wants
 */
export function attemptOf(
  { vu, round, line, exchange, plannedAtMs }: EndedRequest,
  readOutcome: ReturnType<typeof outcomeReader>,
  thread: number | undefined,
  problem: (message: string) => void,
): Attempt {
  const { request, reply, timing } = exchange;
  const { inventory, intent } = line;
  const conclusion = readOutcome(reply, request, operationNamed(operationOf(intent)));
  const redirect = redirectProblem(conclusion, reply);
  if (redirect !== undefined) problem(redirect);
  return {
    round,
    inventory,
    vu,
    ...(thread !== undefined && { thread }),
    ...intent,
    ...(intent.idempotencyKey !== undefined && { fingerprint: fingerprintOf(request) }),
    ...(plannedAtMs !== undefined && { plannedAtMs }),
    ...timing,
    ...conclusion,
  };
}

/** For these the engine (`got`) sends the request to another address: that may book, and the gate does not hold it. */
const REDIRECTS = new Set([300, 301, 302, 304, 307, 308]);

/** @returns a sentence if the answer is a redirect that decides nothing */
function redirectProblem({ outcome }: Conclusion, reply: Reply): string | undefined {
  if (outcome !== 'info' || reply.kind !== 'complete') return undefined;
  if (!REDIRECTS.has(reply.status) || reply.headers.location === undefined) return undefined;
  return `race: the target redirects the request (${reply.status}), and what follows is not raced; send it where it ends up`;
}
