import type { Amount } from '../../../model/decimal.ts';
import { hasStatus } from '../../../model/index.ts';
import type { ReadableAnswer } from './answer.ts';
import { type Condition, type Conditions, compileConditions, type Tests } from './condition.ts';
import { allTexts, type Extractor, extractor, firstText, sumOf } from './extractor.ts';
import { messageReader } from './message.ts';

/** How an answer is read; the defaults are in `config/outcome.ts`. */
export interface AnswerRules {
  readonly success: Conditions;
  readonly refusal: Conditions;
  readonly orderId: Extractor;
  /** The text to show. */
  readonly message: Extractor;
  /** How many units the answer grants; several numbers are added. */
  readonly units?: Extractor | undefined;
  /** The ids of what the answer grants. */
  readonly granted?: Extractor | undefined;
  /** The function that reads the answer in place of the two conditions. */
  readonly function?: string | undefined;
  /** How the answers to `settles` are read, where they differ. */
  readonly settled?: SettledRules | undefined;
}

export type SettledRules = {
  readonly [K in 'success' | 'refusal' | 'orderId' | 'message']?: AnswerRules[K] | undefined;
};

/** What differs for an operation. */
export type OperationRules = { readonly [K in keyof AnswerRules]?: AnswerRules[K] | undefined };

export interface OutcomeRules extends AnswerRules {
  /** By the name of an operation. */
  readonly operations?: Readonly<Record<string, OperationRules | undefined>> | undefined;
}

/** How answers to requests with that operation are read. */
export function rulesFor({ operations = {}, ...usual }: OutcomeRules, operation: string): AnswerRules {
  const own = operations[operation];
  if (own === undefined) return usual;
  // Conditions of its own say that the usual function is not about this operation.
  const hasConditions = own.success !== undefined || own.refusal !== undefined;
  return { ...usual, ...(hasConditions && { function: undefined }), ...withoutUndefined(own) };
}

const withoutUndefined = (rules: OperationRules): Partial<AnswerRules> =>
  Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined));

/** {@link AnswerRules}, ready to read answers. */
export interface CompiledRules {
  readonly success: Tests;
  readonly refusal: Tests;
  /** The statuses that the refusal names one by one, rather than by a range. */
  readonly namedRefusals: ReadonlySet<unknown>;
  readonly orderIdOf: (answer: ReadableAnswer) => string | undefined;
  readonly messageOf: (answer: ReadableAnswer) => string | undefined;
  readonly unitsOf: (answer: ReadableAnswer) => Amount | undefined;
  readonly grantedIdsOf: (answer: ReadableAnswer) => readonly string[];
}

/** @throws SyntaxError if a pattern is no regular expression */
export function compileRules(rules: Omit<AnswerRules, 'function' | 'settled'>): CompiledRules {
  const refusals = [rules.refusal].flat();
  const read = (where: Extractor | undefined) => (where === undefined ? () => [] : extractor(where));
  const [idsIn, unitsIn, grantedIn] = [extractor(rules.orderId), read(rules.units), read(rules.granted)];
  return {
    success: decidingTests([rules.success].flat()),
    refusal: decidingTests(refusals),
    namedRefusals: new Set(refusals.flatMap(({ status }) => status ?? [])),
    orderIdOf: (answer) => firstText(idsIn(answer)),
    messageOf: messageReader(rules.message),
    unitsOf: (answer) => sumOf(unitsIn(answer)),
    grantedIdsOf: (answer) => allTexts(grantedIn(answer)),
  };
}

/** A 202 says that the answer comes later, so only a condition that names this status can decide it. */
function decidingTests(conditions: readonly Condition[]): Tests {
  const all = compileConditions(conditions);
  const naming202 = compileConditions(conditions.filter(({ status = [] }) => hasStatus(status, 202)));
  const testsOf = ({ status }: ReadableAnswer) => (status === 202 ? naming202 : all);
  return {
    holding: (answer) => testsOf(answer).holding(answer),
    mayHold: (answer) => testsOf(answer).mayHold(answer),
    mustHold: (answer) => testsOf(answer).mustHold(answer),
    isWritten: all.isWritten,
  };
}
