import * as z from 'zod';
import { DECIMAL } from '../../../model/decimal.ts';
import type { Conclusion, InfoCause, Intent } from '../../../model/index.ts';
import { valueText } from '../../../model/value-text.ts';
import { type Headers, type ReadableAnswer, readAnswer, type WireReply } from './answer.ts';
import { allTexts, firstText, sumOf } from './extractor.ts';
import { unanswered } from './outcome.ts';
import { type AnswerRules, type CompiledRules, compileRules } from './outcome-rules.ts';
import { gainedBy, MAX_MESSAGE, orderIdIn, type Recorded, recordedOf } from './recorded.ts';
import type { Blotter, SentRequest } from './secrets/index.ts';

/** An answer, as a function of the suite gets it. */
export interface AnswerToRead {
  readonly status: number;
  /** By name in lower case; a list where Node keeps several lines apart, as for `set-cookie`. */
  readonly headers: Headers;
  /** The body as it was sent, unpacked. */
  readonly text: string;
  /** The body as JSON; undefined if it is not JSON. A whole number that JavaScript cannot hold is text. */
  readonly json: unknown;
}

/** The attempt that got the answer, as a function of the suite gets it. */
export interface AttemptToRead extends Intent {
  readonly round: number;
  readonly inventory: string;
  /** The number of the virtual user, from 1. */
  readonly vu: number;
}

/** What a function of the suite says about an answer. What it leaves out is read by the other settings of `outcome`. */
export interface AnswerRead {
  /** `ok`: surely booked. `fail`: surely not. `info`: nobody can say. */
  readonly outcome: 'ok' | 'fail' | 'info';
  readonly orderId?: string | number | null | undefined;
  /** How many units the answer grants. */
  readonly units?: string | number | null | undefined;
  /** The ids of what the answer grants. */
  readonly granted?: string | number | readonly (string | number)[] | null | undefined;
  /** The text that reports show. */
  readonly message?: string | null | undefined;
}

/** The type of a function for `outcome.function`. It is not called where no answer came, or where a part of it is lost. */
export type ReadAnswer = (answer: AnswerToRead, attempt: AttemptToRead) => AnswerRead | Promise<AnswerRead>;

const scalar = z.union([z.string(), z.number()]);
const returned = z.strictObject({
  outcome: z.enum(['ok', 'fail', 'info']),
  orderId: scalar.nullish(),
  units: z.union([z.number().min(0), z.string().regex(DECIMAL)]).nullish(),
  granted: z.union([scalar, z.array(scalar)]).nullish(),
  message: z.string().nullish(),
});

export interface FunctionOptions {
  /** The name under which the processor exports it. */
  readonly name: string;
  readonly read: ReadAnswer;
  readonly maxBodyBytes: number;
  /** How many milliseconds the function may take. */
  readonly limitMs: number;
  readonly blotter: Blotter;
  /** Told of the first call that went wrong, with the stack where there is one. */
  readonly problem: (reason: string) => void;
}

/**
 * Makes the function that lets a function of the suite conclude what became of an attempt. Where that throws, takes too long or
 * returns something else, nobody can say. Never rejects.
 */
export function functionReader(
  rules: AnswerRules,
  options: FunctionOptions,
): (reply: WireReply, request: SentRequest, attempt: AttemptToRead) => Promise<Conclusion> {
  const compiled = compileRules(rules);
  const { blotter } = options;
  let isKnown = false;
  return async (reply, request, attempt) => {
    blotter.sent(request);
    if (reply.kind === 'broken') return unanswered(reply, blotter);
    const readable = readAnswer(reply, options.maxBodyBytes);
    const recorded = recordedOf(compiled, reply, readable, blotter);
    if (readable.lost !== undefined) return unread(recorded, `the rest was lost (${readable.lost})`);
    const result = await call(options, readable, attempt);
    if ('outcome' in result) return concludeBy(result, compiled, readable, recorded, blotter);
    if (!isKnown) options.problem(result.problem);
    isKnown = true;
    return unread(recorded, blotter.text(result.message, MAX_MESSAGE));
  };
}

interface Failed {
  readonly message: string;
  /** The message, with the stack. */
  readonly problem: string;
}

async function call({ name, read, limitMs }: FunctionOptions, answer: ReadableAnswer, attempt: AttemptToRead) {
  const { status, headers, text, json } = answer;
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), limitMs);
  try {
    const value = await Promise.race([late.promise, read({ status, headers, text, json }, attempt)]);
    if (value === 'late') return failed(name, `did not return within ${limitMs} ms`);
    const parsed = returned.safeParse(value);
    return parsed.success ? parsed.data : failed(name, `returned ${wrong(value, parsed.error)}`);
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    return failed(name, `threw ${oneLine(String(error))}`, oneLine(stack));
  } finally {
    clearTimeout(timer);
  }
}

function failed(name: string, what: string, stack?: string): Failed {
  const message = `outcome.function: ${name} ${what}`;
  return { message, problem: stack === undefined ? message : `outcome.function: ${name} threw ${stack}` };
}

/** What is wrong with a value that is no {@link AnswerRead}. It stands at the end, where it may be cut. */
function wrong(value: unknown, { issues: [issue] }: z.ZodError): string {
  const shown = oneLine(valueText(value));
  if (issue?.code === 'unrecognized_keys') return `an object with an unknown part, ${issue.keys.join(', ')}: ${shown}`;
  const part = String(issue?.path[0] ?? '');
  if (part === '') return `no object such as { outcome: "ok" }: ${shown}`;
  return `an object whose ${part} is not ${KINDS[part] ?? 'text'}: ${shown}`;
}

const KINDS: Readonly<Record<string, string>> = { outcome: 'ok, fail or info', units: 'a number' };

/** A text is cut later, after secrets are blotted out of it. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();

function concludeBy(
  result: z.output<typeof returned>,
  rules: CompiledRules,
  readable: ReadableAnswer,
  recorded: Recorded,
  blotter: Blotter,
): Conclusion {
  const { orderId, units, granted, message } = result;
  // What the function says takes the place of what the settings would find.
  const own: CompiledRules = {
    ...rules,
    ...(orderId !== undefined && { orderIdOf: () => firstText([orderId]) }),
    ...(units !== undefined && { unitsOf: () => sumOf([units]) }),
    ...(granted !== undefined && { grantedIdsOf: () => allTexts([granted]) }),
  };
  const told = { ...recorded, ...(message && { message: blotter.text(oneLine(message), MAX_MESSAGE) }) };
  switch (result.outcome) {
    case 'ok': {
      const gained = gainedBy(own, readable, blotter);
      if (gained === undefined) return unread(told, 'the answer grants more than a history can hold');
      return { outcome: 'ok', answer: recorded.answer, ...gained };
    }
    case 'fail':
      return { outcome: 'fail', reason: 'lost', declared: true, ...told };
    case 'info':
      return undecided({ ...told, ...orderIdIn(own, readable, blotter) });
  }
}

/** The function itself says that nobody can say. */
function undecided(told: Recorded & { readonly orderId?: string }): Conclusion {
  const { status } = told.answer;
  const cause: InfoCause = status === 202 ? 'pending' : status >= 500 ? 'server-error' : 'unrecognised';
  const mayPromise = status < 400 && (status !== 202 || told.orderId !== undefined);
  return { outcome: 'info', cause, ...told, ...(mayPromise && { mayPromise }) };
}

function unread({ answer, message }: Recorded, why: string): Conclusion {
  const said = message === undefined ? '' : ` after ${message}`;
  return {
    outcome: 'info',
    cause: answer.status >= 500 ? 'server-error' : 'unreadable',
    answer,
    message: `${why}${said}`.slice(0, MAX_MESSAGE),
    ...(answer.status < 400 && { mayPromise: true }),
  };
}
