import { compareAmounts, DECIMAL } from '../../../model/decimal.ts';
import { hasStatus, type StatusSet } from '../../../model/index.ts';
import { patternIn } from '../../../model/pattern.ts';
import type { ReadableAnswer } from './answer.ts';
import { selector } from './extractor.ts';
import { matchIn } from './match.ts';

/** A condition on an answer: everything that it names must hold. A body that is not JSON meets no condition on JSON. */
export interface Condition {
  readonly status?: StatusSet | undefined;
  /** Name → what a line of that header must equal, or match where it is a `/pattern/flags`. */
  readonly header?: Readonly<Record<string, string | number>> | undefined;
  /** JSONPath (RFC 9535) → what a selected node must be. */
  readonly body?: Readonly<Record<string, Expected>> | undefined;
  /** What the raw answer must contain, or match where it is a `/pattern/flags`. */
  readonly text?: string | undefined;
  /** JSONPaths that must each select something other than null. */
  readonly has?: readonly string[] | undefined;
  /** JSONPaths that must each select nothing, or null. */
  readonly lacks?: readonly string[] | undefined;
}

/** One condition, or a list in which one is enough. */
export type Conditions = Condition | readonly Condition[];

type Literal = string | number | boolean | null;

/** What a value must be: a literal, a text that is a `/pattern/flags`, or a mapping whose tests must all hold. */
type Expected =
  | Literal
  | {
      readonly above?: number | string | undefined;
      readonly below?: number | string | undefined;
      readonly in?: readonly Literal[] | undefined;
      readonly not?: Expected | undefined;
    };

/** Whether an answer meets a condition. */
export type Test = (answer: ReadableAnswer) => boolean;

/** What a list of conditions says about an answer; one is enough. */
export interface Tests {
  /** The conditions that hold; none where the answer meets no condition. */
  readonly holding: (answer: ReadableAnswer) => readonly Condition[];
  /** One of them may hold, whatever the body was. */
  readonly mayHold: Test;
  /** One of them holds, whatever the body was. */
  readonly mustHold: Test;
  /** One of them names the status, by itself or in a range. */
  readonly isWritten: (status: number) => boolean;
}

/** @throws SyntaxError if a pattern is no regular expression */
export const compileCondition = (conditions: Conditions): Test => {
  const { holding } = compileConditions(conditions);
  return (answer) => holding(answer).length > 0;
};

/** @throws SyntaxError if a pattern is no regular expression */
export function compileConditions(conditions: Conditions): Tests {
  const compiled = [conditions].flat().map((condition) => {
    const tests = bodyTests(condition);
    return { condition, meetsHead: all(headTests(condition)), meetsBody: all(tests), needsBody: tests.length > 0 };
  });
  return {
    holding: (answer) =>
      compiled.flatMap(({ condition, meetsHead, meetsBody }) =>
        meetsHead(answer) && meetsBody(answer) ? condition : [],
      ),
    mayHold: (answer) => compiled.some(({ meetsHead }) => meetsHead(answer)),
    mustHold: (answer) => compiled.some(({ meetsHead, needsBody }) => !needsBody && meetsHead(answer)),
    isWritten: (status) => compiled.some(({ condition }) => hasStatus(condition.status ?? [], status)),
  };
}

/** Whether a condition looks at nothing but the status. */
export const isByStatus = (condition: Condition): boolean =>
  headTests({ ...condition, status: undefined }).length + bodyTests(condition).length === 0;

const all =
  (tests: readonly Test[]): Test =>
  (answer) =>
    tests.every((holds) => holds(answer));

/** The tests of status and headers, which are known even where the body is lost. */
function headTests({ status, header = {} }: Condition): readonly Test[] {
  return [
    ...(status === undefined ? [] : [(answer: ReadableAnswer) => hasStatus(status, answer.status)]),
    ...Object.entries(header).map(([name, wanted]): Test => {
      const isWanted = equals(String(wanted));
      return (answer) => answer.header(name).some(isWanted);
    }),
  ];
}

function bodyTests({ body = {}, text, has = [], lacks = [] }: Condition): readonly Test[] {
  return [
    ...Object.entries(body).map(([path, wanted]) => {
      const isWanted = valueTest(wanted);
      return testOf(path, (selected) => selected.some(isWanted));
    }),
    ...(text === undefined ? [] : [textTest(text)]),
    ...has.map((path) => testOf(path, isSomething)),
    ...lacks.map((path) => testOf(path, (selected) => !isSomething(selected))),
  ];
}

function testOf(path: string, holds: (selected: readonly unknown[]) => boolean): Test {
  const select = selector(path);
  return (answer) => answer.json !== undefined && holds(select(answer));
}

const isSomething = (selected: readonly unknown[]) => selected.some((value) => value !== null);

function textTest(wanted: string): Test {
  const pattern = patternIn(wanted);
  return ({ text }) => (pattern === undefined ? text.includes(wanted) : matchIn(pattern, text) !== null);
}

/** Whether a value is a text, or matches it where it is a pattern. */
function equals(wanted: string): (value: unknown) => boolean {
  const pattern = patternIn(wanted);
  if (pattern === undefined) return (value) => value === wanted;
  return (value) => isScalar(value) && matchIn(pattern, String(value)) !== null;
}

function valueTest(wanted: Expected): (value: unknown) => boolean {
  if (typeof wanted === 'string') return equals(wanted);
  if (typeof wanted !== 'object' || wanted === null) return (value) => value === wanted;
  const { above, below, not } = wanted;
  const tests = [
    ...(above === undefined ? [] : [(value: unknown) => compared(value, above) > 0]),
    ...(below === undefined ? [] : [(value: unknown) => compared(value, below) < 0]),
    ...(wanted.in === undefined ? [] : [(value: unknown) => wanted.in?.includes(value as Literal) === true]),
    ...(not === undefined ? [] : [isNot(valueTest(not))]),
  ];
  return (value) => tests.every((holds) => holds(value));
}

const isNot =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    !holds(value);

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Positive where a value is above a bound, negative where it is below. Amounts are often written as text. NaN where it is no number. */
function compared(value: unknown, bound: number | string): number {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value));
  if (!isNumber) return Number.NaN;
  // A double holds 17 digits: an id or an amount may have more.
  return DECIMAL.test(String(value)) && DECIMAL.test(String(bound))
    ? compareAmounts(value, bound)
    : Math.sign(Number(value) - Number(bound));
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
