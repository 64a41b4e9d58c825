import type { Answer, Conclusion } from '../../../model/index.ts';
import type { WireReply } from './answer.ts';
import { type Condition, isByStatus } from './condition.ts';
import { outcomeReader } from './outcome.ts';
import { type AnswerRules, type OutcomeRules, rulesFor } from './outcome-rules.ts';
import type { Blotter, SentRequest } from './secrets/index.ts';

/** What an answer decides: `ok` or `fail`; undefined where it means "not yet". */
export type ReadDecision = (reply: WireReply, request: SentRequest, operation?: string) => Conclusion | undefined;

/**
 * Makes the function that reads the answers to a request that decides an earlier attempt. Only a success or a refusal decides.
 * A status page that does not know the order yet (404) or fails (5xx) decides nothing, unless a refusal names that very
 * status, or looks at more than the status.
 *
 * @param maxBodyBytes a body that unpacks to more is lost
 */
export function settledReader(rules: OutcomeRules, maxBodyBytes: number, blotter?: Blotter): ReadDecision {
  const readerFor = ({ settled = {}, ...usual }: AnswerRules): ReadDecision => {
    const { refusal = NEVER, ...others } = settled;
    const read = outcomeReader({ ...usual, ...withoutUndefined(others), refusal }, maxBodyBytes, blotter);
    const refusals = [refusal].flat();
    const isMeant = (status: number) =>
      refusals.some((condition) => !isByStatus(condition) || condition.status?.includes(status));
    return (reply, request) => {
      const conclusion = read(reply, request);
      if (conclusion.outcome === 'ok') return conclusion;
      // 401, 403 and 429 are about the question, not about the order.
      if (conclusion.outcome === 'info' || conclusion.reason !== 'lost') return undefined;
      const { status } = conclusion.answer;
      return (status === 404 || status >= 500) && !isMeant(status) ? undefined : conclusion;
    };
  };
  const special = new Map(Object.keys(rules.operations ?? {}).map((name) => [name, readerFor(rulesFor(rules, name))]));
  const usual = readerFor(rules);
  return (reply, request, operation = 'book') => (special.get(operation) ?? usual)(reply, request);
}

/** Where the suite describes no refusal, no answer is one. */
const NEVER: Condition = { status: [] };

const withoutUndefined = (rules: NonNullable<AnswerRules['settled']>): Partial<AnswerRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined));

/**
 * The conclusion about an attempt that a later answer was to decide. The status and the body stay those of the raced request.
 * What the deciding answer does not say comes from the first one.
 *
 * @param decision undefined: nothing decided it in time
 */
export function settledConclusion(first: Conclusion, decision: Conclusion | undefined): Conclusion {
  const answer = first.answer.kind === 'answered' ? first.answer : decision?.answer;
  const orderId = decision?.outcome === 'ok' ? decision.orderId : undefined;
  const known = { ...('orderId' in first && { orderId: first.orderId }), ...(orderId !== undefined && { orderId }) };
  if (decision === undefined || answer?.kind !== 'answered') return undecided(first);
  if (decision.outcome === 'ok') {
    return { ...(first.outcome === 'ok' && first), ...decision, ...known, answer };
  }
  const message = decision.message ?? (first.outcome === 'ok' ? undefined : first.message);
  // The status is that of the first answer, and says nothing about the refusal.
  return { outcome: 'fail', reason: 'lost', declared: true, answer, ...(message !== undefined && { message }) };
}

/** Nobody knows what became of it. A success was only the beginning, or nothing would have had to decide it. */
function undecided(first: Conclusion): Conclusion {
  if (first.outcome === 'ok') {
    const { answer, orderId } = first;
    return { outcome: 'info', cause: 'pending', answer, mayPromise: true, ...(orderId !== undefined && { orderId }) };
  }
  return first.outcome === 'info' && isWhole(first.answer) ? { ...first, cause: 'pending' } : first;
}

/** The answer came, and no server has broken. */
const isWhole = (answer: Answer): boolean =>
  answer.kind === 'answered' && answer.bodyLost === undefined && answer.status < 500;
