import type { Conclusion, FailReason, InfoCause } from '../../../model/index.ts';
import { type ReadableAnswer, readAnswer, type WireReply } from './answer.ts';
import { type Condition, isByStatus } from './condition.ts';
import { type CompiledRules, compileRules, type OutcomeRules, rulesFor } from './outcome-rules.ts';
import {
  type AnsweredReply,
  type Gained,
  gainedBy,
  MAX_MESSAGE,
  orderIdIn,
  type Recorded,
  recordedOf,
} from './recorded.ts';
import { type Blotter, createBlotter, type SentRequest } from './secrets/index.ts';

/**
 * Makes the function that concludes from a reply, by conditions, what became of an attempt with that operation. Default:
 * `book`.
 *
 * @param maxBodyBytes a body that unpacks to more is lost; default: 1 MiB
 * @param blotter learns the secrets of requests and answers; default: one of its own
 */
export function outcomeReader(
  rules: OutcomeRules,
  maxBodyBytes = 1 << 20,
  blotter: Blotter = createBlotter(),
): (reply: WireReply, request: SentRequest, operation?: string) => Conclusion {
  const special = new Map(
    Object.keys(rules.operations ?? {}).map((name) => [name, compileRules(rulesFor(rules, name))]),
  );
  const usual = compileRules(rules);
  return (reply, request, operation = 'book') => {
    blotter.sent(request);
    if (reply.kind === 'broken') return unanswered(reply, blotter);
    const compiled = special.get(operation) ?? usual;
    const readable = readAnswer(reply, maxBodyBytes);
    const recorded = recordedOf(compiled, reply, readable, blotter);
    return readable.lost === undefined
      ? concludeFromWhole(compiled, readable, recorded, blotter)
      : concludeFromHead(compiled, reply, readable, recorded);
  };
}

/**
 * Makes the function that reads what a success gives out of an answer that by itself may decide nothing, such as a 202 that is
 * decided later.
 *
 * @param maxBodyBytes a body that unpacks to more is lost
 * @returns a function whose result is undefined if no history can hold the number of units that the answer grants
 */
export function gainedReader(
  rules: OutcomeRules,
  maxBodyBytes: number,
  blotter: Blotter,
): (reply: WireReply, operation?: string) => Gained | undefined {
  return (reply, operation = 'book') =>
    reply.kind === 'broken'
      ? {}
      : gainedBy(compileRules(rulesFor(rules, operation)), readAnswer(reply, maxBodyBytes), blotter);
}

/** No answer came, so nobody can say. */
export function unanswered(reply: Extract<WireReply, { kind: 'broken' }>, blotter: Blotter): Conclusion {
  const error = blotter.text(reply.error, MAX_MESSAGE);
  return { outcome: 'info', cause: reply.failure, answer: { kind: 'unanswered', error } };
}

/**
 * `ok` needs proof and `fail` needs proof. An answer that proves neither, or both, is `info`; so is a success with a body
 * that no API can have meant, and a 202 that the suite does not name: it is accepted, and decided later.
 */
function concludeFromWhole(
  rules: CompiledRules,
  readable: ReadableAnswer,
  recorded: Recorded,
  blotter: Blotter,
): Conclusion {
  const { status, isSound, isPage } = readable;
  const successes = rules.success.holding(readable);
  const refusals = rules.refusal.holding(readable);
  const [isSuccess, isRefusal] = [successes.length > 0, refusals.length > 0];
  const mayPromise = isSuccess || (status < 400 && (status !== 202 || rules.orderIdOf(readable) !== undefined));
  const info = (cause: InfoCause, told: Recorded & { readonly orderId?: string } = recorded): Conclusion => ({
    outcome: 'info',
    ...told,
    cause,
    ...(mayPromise && { mayPromise }),
  });
  if (isUndecided(rules, status)) return info('pending', { ...recorded, ...orderIdIn(rules, readable, blotter) });
  if (isSuccess && isRefusal) return info('ambiguous', { ...recorded, message: overlapping(recorded.message) });
  if (isSuccess && !successes.some((condition) => isMeant(condition, readable))) return info('unreadable');
  if (isSuccess) {
    const gained = gainedBy(rules, readable, blotter);
    return gained === undefined ? info('unreadable') : { outcome: 'ok', answer: recorded.answer, ...gained };
  }
  const isNamed =
    rules.namedRefusals.has(status) || refusals.some(({ header, text }) => (header ?? text) !== undefined);
  const reason = reasonOf(status, isRefusal, isNamed);
  if (reason !== undefined) return { outcome: 'fail', reason, ...declaredBy(refusals), ...recorded };
  if (status >= 500) return info('server-error');
  return info(isSound || isPage ? 'unrecognised' : 'unreadable');
}

/** Whether the suite means this very body: it is one that an API sends, or the condition has looked at it. */
const isMeant = ({ text, header }: Condition, { isSound, isPage }: ReadableAnswer): boolean =>
  isSound || text !== undefined || (isPage && header !== undefined);

/** A refusal that is known by more than its status is the suite's own word: no status of it is wrong. */
const declaredBy = (refusals: readonly Condition[]): { declared?: true } =>
  refusals.some((condition) => !isByStatus(condition)) ? { declared: true } : {};

/**
 * Status and headers came, the rest of the body did not. A refusal by these alone stays one, unless the suite says that
 * they may mean a success too. Any other answer may have said that the attempt booked.
 */
function concludeFromHead(
  rules: CompiledRules,
  reply: AnsweredReply,
  readable: ReadableAnswer,
  recorded: Recorded,
): Conclusion {
  const { status } = reply;
  const maySucceed = rules.success.mayHold(readable);
  const info = (cause: InfoCause): Conclusion => ({
    outcome: 'info',
    ...recorded,
    message: lostAfter(recorded),
    cause,
    ...((maySucceed || (status < 400 && status !== 202)) && { mayPromise: true }),
  });
  if (isUndecided(rules, status)) return info('pending');
  const reason = reasonOf(status, rules.refusal.mustHold(readable), rules.namedRefusals.has(status));
  if (reason !== undefined && !maySucceed) return { outcome: 'fail', reason, ...recorded };
  if (status >= 500) return info('server-error');
  // The end of the run is no fault of the target.
  return info(reply.kind === 'partial' && reply.failure === 'aborted' ? 'aborted' : 'unreadable');
}

const isUndecided = ({ success, refusal }: CompiledRules, status: number): boolean =>
  status === 202 && !success.isWritten(status) && !refusal.isWritten(status);

const lostAfter = ({ answer, message }: Recorded): string =>
  `the rest was lost (${answer.bodyLost})${message === undefined ? '' : ` after ${message}`}`.slice(0, MAX_MESSAGE);

const overlapping = (message = ''): string =>
  `success and refusal both hold, so the two conditions overlap: ${message}`.slice(0, MAX_MESSAGE);

/**
 * Why a contender was definitely refused. 401, 403 and 429 mean that it did not take part, unless the suite's refusal names
 * that very status. Undefined where nothing is definite, such as for a 5xx.
 */
function reasonOf(status: number, isRefusal: boolean, isNamed: boolean): FailReason | undefined {
  if (isRefusal && isNamed) return 'lost';
  if (status === 401 || status === 403) return 'not-authorised';
  if (status === 429) return 'rate-limited';
  return isRefusal ? 'lost' : undefined;
}
