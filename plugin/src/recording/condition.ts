import { compile, type JSONPathQuery } from 'json-p3';
import { hasStatus, type StatusSet } from '../../../model/index.ts';
import type { ReadableAnswer } from './answer.ts';

/** A condition on an answer: everything that it names must hold. A body that is not JSON meets no condition on the body. */
export interface Condition {
  readonly status?: StatusSet | undefined;
  /** JSONPath (RFC 9535) → the value that a selected node must equal. */
  readonly body?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  /** JSONPaths that must each select something other than null. */
  readonly has?: readonly string[] | undefined;
  /** JSONPaths that must each select nothing, or null. */
  readonly lacks?: readonly string[] | undefined;
}

/** Whether an answer meets a condition. */
export type Test = (answer: ReadableAnswer) => boolean;

export function compileCondition({ status, body = {}, has = [], lacks = [] }: Condition): Test {
  const tests: readonly Test[] = [
    ...(status === undefined ? [] : [(answer: ReadableAnswer) => hasStatus(status, answer.status)]),
    ...Object.entries(body).map(([path, value]) => testOf(path, (selected) => selected.includes(value))),
    ...has.map((path) => testOf(path, isSomething)),
    ...lacks.map((path) => testOf(path, (selected) => !isSomething(selected))),
  ];
  return (answer) => tests.every((holds) => holds(answer));
}

/** Of several conditions, one is enough. */
export function compileAny(conditions: readonly Condition[]): Test {
  const tests = conditions.map(compileCondition);
  return (answer) => tests.some((holds) => holds(answer));
}

/** What conditions say about a status when nothing else of the answer is known. */
export interface StatusTests {
  /** One of them may hold, whatever the body was. */
  readonly mayHold: (status: number) => boolean;
  /** One of them holds, whatever the body was. */
  readonly mustHold: (status: number) => boolean;
  /** One of them names the status, by itself or in a range. */
  readonly isWritten: (status: number) => boolean;
}

export function compileStatus(conditions: readonly Condition[]): StatusTests {
  const covers =
    (byDefault: boolean, some: readonly Condition[] = conditions) =>
    (status: number) =>
      some.some((condition) => (condition.status === undefined ? byDefault : hasStatus(condition.status, status)));
  const aboutStatus = conditions.filter(
    ({ body = {}, has = [], lacks = [] }) => Object.keys(body).length + has.length + lacks.length === 0,
  );
  return { mayHold: covers(true), mustHold: covers(true, aboutStatus), isWritten: covers(false) };
}

function testOf(path: string, holds: (selected: readonly unknown[]) => boolean): Test {
  const select = selector(path);
  return (answer) => answer.json !== undefined && holds(select(answer));
}

const isSomething = (selected: readonly unknown[]) => selected.some((value) => value !== null);

/** What a JSONPath selects in an answer: nothing where the body is not JSON, or is nested too deep to be searched. */
export function selector(path: string): (answer: ReadableAnswer) => unknown[] {
  const query: JSONPathQuery = compile(path);
  return ({ json }) => {
    if (json === undefined) return [];
    try {
      return query.query(json as Parameters<JSONPathQuery['query']>[0]).values();
    } catch {
      return [];
    }
  };
}

/** What a JSONPath selects, with numbers as the answer writes them: see {@link ReadableAnswer.exact}. */
export function exactSelector(path: string): (answer: ReadableAnswer) => unknown[] {
  const select = selector(path);
  return (answer) => {
    const selected = select(answer);
    return selected.some((value) => typeof value === 'number') ? select({ ...answer, json: answer.exact() }) : selected;
  };
}

/** The first text or number that a JSONPath selects, as text; an empty text does not count. */
export function textSelector(path: string): (answer: ReadableAnswer) => string | undefined {
  const select = exactSelector(path);
  return (answer) => {
    const value = select(answer).find(isText);
    return value === undefined ? undefined : String(value);
  };
}

/** Whether a selected value can be an id or a message. */
export const isText = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
