import {
  type Answer,
  type Conclusion,
  type FailReason,
  type InfoCause,
  MAX_RECORDED_BODY,
  type Operation,
} from '../../../model/index.ts';
import { type ReadableAnswer, readAnswer, type WireReply } from './answer.ts';
import { type Condition, compileAny, compileCondition, type Test, textSelector } from './condition.ts';
import { mask } from './mask.ts';
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

const MAX_ORDER_ID = 100;
const MAX_MESSAGE = 200;

/** Makes the function that concludes from a reply what became of an attempt with that operation. Default: `book`. */
export function outcomeReader({
  operations = {},
  ...rules
}: OutcomeRules): (reply: WireReply, request: SentRequest, operation?: Operation) => Conclusion {
  const usual = readerOf(rules);
  const special = new Map(
    Object.entries(operations).map(([operation, own]) => [operation, readerOf({ ...rules, ...withoutUndefined(own) })]),
  );
  return (reply, request, operation = 'book') => (special.get(operation) ?? usual)(reply, request);
}

const withoutUndefined = (rules: OperationRules): Partial<OutcomeRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined));

interface CompiledRules {
  readonly isSuccess: Test;
  readonly isRefusal: Test;
  /** The statuses that the refusal names one by one, rather than by a range. */
  readonly namedRefusals: ReadonlySet<unknown>;
  readonly orderIdOf: (answer: ReadableAnswer) => string | undefined;
  readonly messageOf: (answer: ReadableAnswer) => string | undefined;
  readonly unitsOf: (answer: ReadableAnswer) => string | undefined;
}

function readerOf(rules: OutcomeRules): ReadOutcome {
  const compiled: CompiledRules = {
    isSuccess: compileCondition(rules.success),
    isRefusal: compileAny(rules.refusal),
    namedRefusals: new Set([rules.refusal].flat().flatMap(({ status }) => status ?? [])),
    orderIdOf: textSelector(rules.orderId),
    messageOf: textSelector(rules.message),
    unitsOf: rules.units === undefined ? () => undefined : textSelector(rules.units),
  };
  return (reply, request) => {
    const sent = secretsOf(request);
    if (reply.kind === 'complete') return conclude(compiled, reply, sent);
    const error = mask(reply.error, sent).slice(0, MAX_MESSAGE);
    return { outcome: 'info', cause: reply.failure, answer: { kind: 'unanswered', error } };
  };
}

/**
 * `ok` needs proof and `fail` needs proof. An answer that proves neither, or both, is `info`; so is a success with a body
 * that no API can have meant.
 *
 * @param sent the secrets of the request
 */
function conclude(rules: CompiledRules, reply: WireReply & { kind: 'complete' }, sent: readonly string[]): Conclusion {
  const readable = readAnswer(reply);
  const { status } = readable;
  const setCookies = secretsOf({ headers: { 'set-cookie': reply.headers['set-cookie'] } });
  const secrets = [...sent, ...setCookies, ...secretsBelow(readable.json)];
  const answer: Answer & { kind: 'answered' } = {
    kind: 'answered',
    status,
    // Masked first and cut last: a secret that is cut in half would not be recognized.
    body: mask(readable.text, secrets).slice(0, MAX_RECORDED_BODY),
    bodyBytes: reply.body.length,
  };
  const text = rules.messageOf(readable);
  const message = text === undefined ? {} : { message: mask(text, secrets).slice(0, MAX_MESSAGE) };

  const isSuccess = rules.isSuccess(readable);
  const isRefusal = rules.isRefusal(readable);
  const mayPromise = isSuccess || (status < 400 && (status !== 202 || rules.orderIdOf(readable) !== undefined));
  const info = (cause: InfoCause): Conclusion => ({
    outcome: 'info',
    answer,
    cause,
    ...message,
    ...(mayPromise && { mayPromise }),
  });
  if (isSuccess && isRefusal) return info('unexpected');
  if (isSuccess && !readable.isSound) return info('unreadable');
  if (isSuccess) return { outcome: 'ok', answer, ...grantIn(rules, readable, sent) };
  const reason = reasonOf(status, isRefusal, rules.namedRefusals.has(status));
  if (reason !== undefined) return { outcome: 'fail', reason, answer, ...message };
  if (status >= 500) return info('server-error');
  return info(saysSomething(readable) ? 'unexpected' : 'unreadable');
}

/** The order's id and the number of units, as far as the answer says them. */
function grantIn(rules: CompiledRules, answer: ReadableAnswer, sent: readonly string[]) {
  const orderId = rules.orderIdOf(answer);
  const units = rules.unitsOf(answer) ?? '';
  return {
    // A masked id could not be compared with the ids of the read-back. A cookie that the answer sets may hold the order id.
    ...(orderId !== undefined && mask(orderId, sent) === orderId && { orderId: orderId.slice(0, MAX_ORDER_ID) }),
    ...(/^\d{1,15}$/.test(units) && { granted: Number(units) }),
  };
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

/** JSON, or any other text that an API can have meant. */
const saysSomething = ({ json, text, isSound }: ReadableAnswer) =>
  json !== undefined || (isSound && text.trim() === '');
