import { compile, type JSONPathQuery } from 'json-p3';
import { hasStatus, type StatusSet } from '../model/index.ts';
import type { ReadableBody } from './body.ts';

/** Conditions on an answer: all must hold. `body` maps a JSONPath (RFC 9535) to the value that a selected node must equal. */
export interface AnswerPredicate {
  readonly status?: StatusSet | undefined;
  readonly body?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

/** A predicate, compiled once. */
export function compilePredicate(predicate: AnswerPredicate): (status: number, body: ReadableBody) => boolean {
  const conditions = Object.entries(predicate.body ?? {}).map(([path, value]) => ({ select: selector(path), value }));
  return (status, body) =>
    (predicate.status === undefined || hasStatus(predicate.status, status)) &&
    conditions.every(({ select, value }) => select(body).includes(value));
}

/** Any of several predicates, compiled once. */
export function compileAny(
  predicates: AnswerPredicate | readonly AnswerPredicate[],
): (status: number, body: ReadableBody) => boolean {
  const its = [predicates].flat().map(compilePredicate);
  return (status, body) => its.some((holds) => holds(status, body));
}

/** What a JSONPath selects in a body; nothing where the body is not JSON. */
export function selector(path: string): (body: ReadableBody) => unknown[] {
  const query: JSONPathQuery = compile(path);
  return ({ json }) => (json === undefined ? [] : query.query(json as Parameters<JSONPathQuery['query']>[0]).values());
}

/** Like {@link selector}, for one short text: the first selected string or number. */
export function textSelector(path: string): (body: ReadableBody) => string | undefined {
  const select = selector(path);
  return (body) => {
    const value = select(body).find((its) => typeof its === 'string' || typeof its === 'number');
    return value === undefined ? undefined : String(value);
  };
}
