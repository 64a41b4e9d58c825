import {
  type Answer,
  type Conclusion,
  type FailReason,
  type InfoCause,
  MAX_RECORDED_BODY,
  type Operation,
} from '../../../model/index.ts';
import { type ReadableAnswer, readAnswer, type WireReply } from './answer.ts';
import {
  type Condition,
  compileAny,
  compileStatus,
  type StatusTests,
  selector,
  type Test,
  textSelector,
} from './condition.ts';
import { mask } from './mask.ts';
import { messageReader } from './message.ts';
import { recordedOrderId } from './order-id.ts';
import { type SentRequest, secretsBelow, secretsOf } from './secrets.ts';

/** How answers are read; the defaults are in `config/schema.ts`. */
export interface OutcomeRules {
  readonly success: Condition;
  /** Of several, one is enough. */
  readonly refusal: Condition | readonly Condition[];
  /** JSONPath of the order's id. */
  readonly orderId: string;
  /** JSONPath of the message to show. */
  readonly message: string;
  /** JSONPath of the number of units granted. */
  readonly units?: string | undefined;
  /** What differs for some operations. */
  readonly operations?: { readonly [O in Operation]?: OperationRules } | undefined;
}

type OperationRules = {
  readonly [K in 'success' | 'refusal' | 'orderId' | 'message']?: OutcomeRules[K] | undefined;
};

type ReadOutcome = (reply: WireReply, request: SentRequest) => Conclusion;

const MAX_MESSAGE = 200;

/**
 * Makes the function that concludes from a reply what became of an attempt with that operation. Default: `book`.
 *
 * @param maxBodyBytes a body that unpacks to more is lost; default: 1 MiB
 */
export function outcomeReader(
  { operations = {}, ...rules }: OutcomeRules,
  maxBodyBytes = 1 << 20,
): (reply: WireReply, request: SentRequest, operation?: Operation) => Conclusion {
  const usual = readerOf(rules, maxBodyBytes);
  const special = new Map(
    Object.entries(operations).map(([operation, own]) => [
      operation,
      readerOf({ ...rules, ...withoutUndefined(own) }, maxBodyBytes),
    ]),
  );
  return (reply, request, operation = 'book') => (special.get(operation) ?? usual)(reply, request);
}

const withoutUndefined = (rules: OperationRules): Partial<OutcomeRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined));

interface CompiledRules {
  readonly isSuccess: Test;
  readonly isRefusal: Test;
  readonly success: StatusTests;
  readonly refusal: StatusTests;
  /** The statuses that the refusal names one by one, rather than by a range. */
  readonly namedRefusals: ReadonlySet<unknown>;
  readonly orderIdOf: (answer: ReadableAnswer) => string | undefined;
  readonly messageOf: (answer: ReadableAnswer) => string | undefined;
  readonly unitsOf: (answer: ReadableAnswer) => unknown;
}

function readerOf(rules: OutcomeRules, maxBodyBytes: number): ReadOutcome {
  const refusals = [rules.refusal].flat();
  const unitsIn = rules.units === undefined ? () => [] : selector(rules.units);
  const compiled: CompiledRules = {
    isSuccess: compileAny([rules.success]),
    isRefusal: compileAny(refusals),
    success: compileStatus([rules.success]),
    refusal: compileStatus(refusals),
    namedRefusals: new Set(refusals.flatMap(({ status }) => status ?? [])),
    orderIdOf: textSelector(rules.orderId),
    messageOf: messageReader(rules.message),
    unitsOf: (answer) => unitsIn(answer)[0],
  };
  return (reply, request) => {
    const sent = secretsOf(request);
    if (reply.kind !== 'broken') return conclude(compiled, reply, readAnswer(reply, maxBodyBytes), sent);
    const error = mask(reply.error, sent).slice(0, MAX_MESSAGE);
    return { outcome: 'info', cause: reply.failure, answer: { kind: 'unanswered', error } };
  };
}

type AnsweredReply = Exclude<WireReply, { kind: 'broken' }>;

/** The parts of an answer that go into the history, no matter what the answer means. */
interface Recorded {
  readonly answer: Answer & { kind: 'answered' };
  readonly message?: string;
}

/** @param sent the secrets of the request */
function conclude(
  rules: CompiledRules,
  reply: AnsweredReply,
  readable: ReadableAnswer,
  sent: readonly string[],
): Conclusion {
  const { status, lost } = readable;
  const setCookies = secretsOf({ headers: { 'set-cookie': reply.headers['set-cookie'] } });
  const secrets = [...sent, ...setCookies, ...secretsBelow(readable.json)];
  // Masked first and cut last: a secret that is cut in half would not be recognized.
  const shown = (text: string, length: number) => mask(text, secrets).slice(0, length);
  const message = rules.messageOf(readable);
  const recorded: Recorded = {
    answer: {
      kind: 'answered',
      status,
      body: shown(readable.text, MAX_RECORDED_BODY),
      bodyBytes: reply.body.length,
      ...(lost !== undefined && { bodyLost: shown(lost, MAX_MESSAGE) }),
    },
    ...(message !== undefined && { message: shown(message, MAX_MESSAGE) }),
  };
  return lost === undefined
    ? concludeFromWhole(rules, readable, recorded, sent)
    : concludeFromStatus(rules, reply, recorded);
}

/**
 * `ok` needs proof and `fail` needs proof. An answer that proves neither, or both, is `info`; so is a success with a body
 * that no API can have meant, and a 202 that the suite does not name: it is accepted, and decided later.
 */
function concludeFromWhole(
  rules: CompiledRules,
  readable: ReadableAnswer,
  recorded: Recorded,
  sent: readonly string[],
): Conclusion {
  const { status, isSound, isPage } = readable;
  const isSuccess = rules.isSuccess(readable);
  const isRefusal = rules.isRefusal(readable);
  const mayPromise = isSuccess || (status < 400 && (status !== 202 || rules.orderIdOf(readable) !== undefined));
  const info = (cause: InfoCause, told: Recorded & { readonly orderId?: string } = recorded): Conclusion => ({
    outcome: 'info',
    ...told,
    cause,
    ...(mayPromise && { mayPromise }),
  });
  if (isUndecided(rules, status)) return info('pending', { ...recorded, ...orderIdIn(rules, readable, sent) });
  if (isSuccess && isRefusal) return info('ambiguous', { ...recorded, message: overlapping(recorded.message) });
  if (isSuccess && !isSound) return info('unreadable');
  if (isSuccess) {
    return { outcome: 'ok', answer: recorded.answer, ...orderIdIn(rules, readable, sent), ...unitsIn(rules, readable) };
  }
  const reason = reasonOf(status, isRefusal, rules.namedRefusals.has(status));
  if (reason !== undefined) return { outcome: 'fail', reason, ...recorded };
  if (status >= 500) return info('server-error');
  return info(isSound || isPage ? 'unrecognised' : 'unreadable');
}

/**
 * The status came, the rest of the body did not. A refusal by status alone stays one, unless the suite says that the same
 * status may be a success. Any other answer may have said that the attempt booked.
 */
function concludeFromStatus(rules: CompiledRules, reply: AnsweredReply, recorded: Recorded): Conclusion {
  const { status } = reply;
  const maySucceed = rules.success.mayHold(status);
  const info = (cause: InfoCause): Conclusion => ({
    outcome: 'info',
    ...recorded,
    message: lostAfter(recorded),
    cause,
    ...((maySucceed || (status < 400 && status !== 202)) && { mayPromise: true }),
  });
  if (isUndecided(rules, status)) return info('pending');
  const reason = reasonOf(status, rules.refusal.mustHold(status), rules.namedRefusals.has(status));
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

/** The id of the order, as far as the answer says it. */
function orderIdIn(rules: CompiledRules, answer: ReadableAnswer, sent: readonly string[]): { orderId?: string } {
  const orderId = rules.orderIdOf(answer);
  // A masked id could not be compared with the ids of the read-back. A cookie that the answer sets may hold the order id.
  return orderId !== undefined && mask(orderId, sent) === orderId ? { orderId: recordedOrderId(orderId) } : {};
}

/** The number of units, as far as the answer says it. */
function unitsIn(rules: CompiledRules, answer: ReadableAnswer): { granted?: number } {
  const units = String(rules.unitsOf(answer) ?? '');
  return /^\d{1,15}$/.test(units) ? { granted: Number(units) } : {};
}

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
