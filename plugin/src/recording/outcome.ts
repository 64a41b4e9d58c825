import {
  type Answer,
  type Conclusion,
  type InfoCause,
  MAX_RECORDED_BODY,
  type Operation,
} from '../../../model/index.ts';
import { type Headers, type ReadableBody, readBody } from './body.ts';
import { type AnswerPredicate, compileAny, compilePredicate, textSelector } from './predicate.ts';
import { blotOut, type SentRequest, secretsBelow, secretsOf } from './secrets.ts';

/** How answers are read; see `config/schema.ts` for the defaults. */
export interface OutcomeRules {
  readonly success: AnswerPredicate;
  /** Of several, one is enough. */
  readonly refusal: AnswerPredicate | readonly AnswerPredicate[];
  /** JSONPath of the order's id. */
  readonly orderId: string;
  /** JSONPath of the message to show. */
  readonly message: string;
  /** JSONPath of the number of units granted. */
  readonly units?: string | undefined;
  /** What is read otherwise for some operations. */
  readonly operations?: { readonly [O in Operation]?: OperationRules } | undefined;
}

type OperationRules = {
  readonly [K in 'success' | 'refusal' | 'orderId' | 'message']?: OutcomeRules[K] | undefined;
};

type ReadOutcome = (reply: WireReply, request: SentRequest) => Conclusion;

/** What the wire gave: a complete answer, or how it broke. */
export type WireReply =
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'broken';
      readonly failure: 'timeout' | 'reset' | 'unreachable' | 'unreadable' | 'aborted';
      readonly error: string;
    };

const MAX_ORDER_ID = 100;
const MAX_MESSAGE = 200;

/** Makes the function that says what an attempt came to, by its operation. */
export function outcomeReader({
  operations = {},
  ...rules
}: OutcomeRules): (reply: WireReply, request: SentRequest, operation?: Operation) => Conclusion {
  const usual = readerOf(rules);
  const special = new Map(
    Object.entries(operations).map(([operation, its]) => [operation, readerOf({ ...rules, ...definedIn(its) })]),
  );
  return (reply, request, operation = 'book') => (special.get(operation) ?? usual)(reply, request);
}

const definedIn = (rules: OperationRules): Partial<OutcomeRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, its]) => its !== undefined));

/**
 * Makes the function that says what an attempt came to. `ok` needs proof and `fail` needs proof; whatever proves neither,
 * or both, is `info`; so is a success whose body no API can have meant. An order of precedence for the rest: 401/403 and 429
 * tell that the contender did not take part, so they come before the refusal, unless it names that very status; a 5xx that
 * the refusal does not name proves nothing.
 */
function readerOf(rules: OutcomeRules): ReadOutcome {
  const isSuccess = compilePredicate(rules.success);
  const isRefusal = compileAny(rules.refusal);
  const orderIdOf = textSelector(rules.orderId);
  const messageOf = textSelector(rules.message);
  const unitsOf = rules.units === undefined ? undefined : textSelector(rules.units);

  return (reply, request) => {
    const sent = secretsOf(request);
    if (reply.kind === 'broken') {
      const error = blotOut(reply.error, sent).slice(0, MAX_MESSAGE);
      return { outcome: 'info', cause: reply.failure, answer: { kind: 'unanswered', error } };
    }
    const { status } = reply;
    const body = readBody(reply.body, reply.headers);
    const given = secretsOf({ headers: { 'set-cookie': reply.headers['set-cookie'] } });
    const secrets = [...sent, ...given, ...secretsBelow(body.json)];
    const answer: Answer & { kind: 'answered' } = {
      kind: 'answered',
      status,
      // Cut last: half a secret would not be known for one.
      body: blotOut(body.text, secrets).slice(0, MAX_RECORDED_BODY),
      bodyBytes: reply.body.length,
    };
    const message = short(messageOf(body), secrets, MAX_MESSAGE);
    const withMessage = message === undefined ? {} : { message };
    const success = isSuccess(status, body);
    const refusal = isRefusal(status, body);
    const mayPromise = success || (status < 400 && (status !== 202 || orderIdOf(body) !== undefined));
    const info = (cause: InfoCause): Conclusion => ({
      outcome: 'info',
      answer,
      cause,
      ...withMessage,
      ...(mayPromise && { mayPromise }),
    });
    if (success && refusal) return info('unexpected');
    if (success) {
      if (!body.isSound) return info('unreadable');
      // A cookie that is set may hold the order.
      const orderId = idWithout(sent, orderIdOf(body));
      const units = unitsOf?.(body);
      const granted = units !== undefined && /^\d{1,15}$/.test(units) ? { granted: Number(units) } : {};
      return { outcome: 'ok', answer, ...(orderId === undefined ? {} : { orderId }), ...granted };
    }
    const isNamed = [rules.refusal].flat().some((its) => its.status?.includes(status) === true);
    if (refusal && isNamed) return { outcome: 'fail', reason: 'lost', answer, ...withMessage };
    if (status === 401 || status === 403) return { outcome: 'fail', reason: 'not-authorised', answer, ...withMessage };
    if (status === 429) return { outcome: 'fail', reason: 'rate-limited', answer, ...withMessage };
    if (refusal) return { outcome: 'fail', reason: 'lost', answer, ...withMessage };
    if (status >= 500) return info('server-error');
    return info(isReadable(body) ? 'unexpected' : 'unreadable');
  };
}

/** Nothing is read easily: an answer without a body says all that it says by its status. */
const isReadable = ({ json, text, isSound }: ReadableBody) => json !== undefined || (isSound && text.trim() === '');

function short(text: string | undefined, secrets: readonly string[], length: number): string | undefined {
  return text === undefined ? undefined : blotOut(text, secrets).slice(0, length);
}

/** An id that holds a secret is left out: blotted out, it could not be compared with what the read-back says. */
function idWithout(secrets: readonly string[], id: string | undefined): string | undefined {
  return id === undefined || blotOut(id, secrets) !== id ? undefined : id.slice(0, MAX_ORDER_ID);
}
