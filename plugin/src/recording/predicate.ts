import { compile, type JSONPathQuery } from 'json-p3';
import { hasStatus, type StatusSet } from '../../../model/index.ts';
import type { ReadableBody } from './body.ts';

/**
 * Conditions on an answer: all must hold. `body` maps a JSONPath (RFC 9535) to the value that a selected node must equal; the
 * paths in `has` must each select something, and those in `lacks` nothing, where null is nothing. A body that is not JSON
 * meets no condition on it.
 */
export interface AnswerPredicate {
  readonly status?: StatusSet | undefined;
  readonly body?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  readonly has?: readonly string[] | undefined;
  readonly lacks?: readonly string[] | undefined;
}

/** A predicate, compiled once. */
export function compilePredicate(predicate: AnswerPredicate): (status: number, body: ReadableBody) => boolean {
  const { body: values = {}, has = [], lacks = [] } = predicate;
  const conditions = [
    ...Object.entries(values).map(([path, value]) => condition(path, (selected) => selected.includes(value))),
    ...has.map((path) => condition(path, isSomething)),
    ...lacks.map((path) => condition(path, (selected) => !isSomething(selected))),
  ];
  return (status, body) =>
    (predicate.status === undefined || hasStatus(predicate.status, status)) && conditions.every((holds) => holds(body));
}

function condition(path: string, holds: (selected: readonly unknown[]) => boolean): (body: ReadableBody) => boolean {
  const select = selector(path);
  return (body) => body.json !== undefined && holds(select(body));
}

const isSomething = (selected: readonly unknown[]) => selected.some((value) => value !== null);

/** Any of several predicates, compiled once. */
export function compileAny(
  predicates: AnswerPredicate | readonly AnswerPredicate[],
): (status: number, body: ReadableBody) => boolean {
  const its = [predicates].flat().map(compilePredicate);
  return (status, body) => its.some((holds) => holds(status, body));
}

/** What a JSONPath selects in a body; nothing where the body is not JSON, or nested too deep to be searched. */
export function selector(path: string): (body: ReadableBody) => unknown[] {
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

/** Like {@link selector}, for one short text: the first selected string, unless it is empty, or number. */
export function textSelector(path: string): (body: ReadableBody) => string | undefined {
  const select = selector(path);
  return (body) => {
    const value = select(body).find(isText);
    return value === undefined ? undefined : String(value);
  };
}

/** Whether a selected value can be an id or a message. */
export const isText = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
