import { type Answer, type Conclusion, type InfoCause, MAX_RECORDED_BODY, type Operation } from '../model/index.ts';
import { type ReadableBody, readBody } from './body.ts';
import { type AnswerPredicate, compileAny, compilePredicate, textSelector } from './predicate.ts';
import { blotOut, secretsOf } from './secrets.ts';

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

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;
type ReadOutcome = (reply: WireReply, requestHeaders: RequestHeaders) => Conclusion;

/** What the wire gave: a complete answer, or how it broke. */
export type WireReply =
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
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
}: OutcomeRules): (reply: WireReply, requestHeaders: RequestHeaders, operation?: Operation) => Conclusion {
  const usual = readerOf(rules);
  const special = new Map(
    Object.entries(operations).map(([operation, its]) => [operation, readerOf({ ...rules, ...definedIn(its) })]),
  );
  return (reply, headers, operation = 'book') => (special.get(operation) ?? usual)(reply, headers);
}

const definedIn = (rules: OperationRules): Partial<OutcomeRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, its]) => its !== undefined));

/**
 * Makes the function that says what an attempt came to. `ok` needs proof and `fail` needs proof; whatever proves neither,
 * or both, is `info`. An order of precedence for the rest: 401/403 and 429 tell that the contender did not take part, so
 * they come before the refusal; a 5xx that the refusal does not name proves nothing.
 */
function readerOf(rules: OutcomeRules): ReadOutcome {
  const isSuccess = compilePredicate(rules.success);
  const isRefusal = compileAny(rules.refusal);
  const orderIdOf = textSelector(rules.orderId);
  const messageOf = textSelector(rules.message);
  const unitsOf = rules.units === undefined ? undefined : textSelector(rules.units);

  return (reply, requestHeaders) => {
    const secrets = secretsOf(requestHeaders);
    if (reply.kind === 'broken') {
      const error = blotOut(reply.error, secrets).slice(0, MAX_MESSAGE);
      return { outcome: 'info', cause: reply.failure, answer: { kind: 'unanswered', error } };
    }
    const { status } = reply;
    const body = readBody(reply.body, [reply.headers['content-encoding']].flat()[0]);
    const answer: Answer & { kind: 'answered' } = {
      kind: 'answered',
      status,
      body: blotOut(body.text.slice(0, 4 * MAX_RECORDED_BODY), secrets).slice(0, MAX_RECORDED_BODY),
      bodyBytes: reply.body.length,
    };
    const message = short(messageOf(body), secrets, MAX_MESSAGE);
    const withMessage = message === undefined ? {} : { message };
    const info = (cause: InfoCause): Conclusion => ({ outcome: 'info', answer, cause, ...withMessage });

    const success = isSuccess(status, body);
    const refusal = isRefusal(status, body);
    if (success && refusal) return info('unexpected');
    if (success) {
      const orderId = short(orderIdOf(body), secrets, MAX_ORDER_ID);
      const units = unitsOf?.(body);
      const granted = units !== undefined && /^\d{1,15}$/.test(units) ? { granted: Number(units) } : {};
      return { outcome: 'ok', answer, ...(orderId === undefined ? {} : { orderId }), ...granted };
    }
    if (status === 401 || status === 403) return { outcome: 'fail', reason: 'not-authorised', answer, ...withMessage };
    if (status === 429) return { outcome: 'fail', reason: 'rate-limited', answer, ...withMessage };
    if (refusal) return { outcome: 'fail', reason: 'lost', answer, ...withMessage };
    if (status >= 500) return info('server-error');
    return info(isReadable(body) ? 'unexpected' : 'unreadable');
  };
}

const isReadable = (body: ReadableBody) => body.json !== undefined;

function short(text: string | undefined, secrets: readonly string[], length: number): string | undefined {
  return text === undefined ? undefined : blotOut(text, secrets).slice(0, length);
}
