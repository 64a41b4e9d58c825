import { compile, type JSONPathQuery } from 'json-p3';
import { hasStatus, type StatusSet } from '../model/index.ts';
import type { ReadableBody } from './body.ts';

/**
 * Conditions on an answer: all must hold. `body` maps a JSONPath (RFC 9535) to the value that a selected node must equal, or
 * to whether it must select something at all; null is nothing. A body that is not JSON meets no condition on it.
 */
export interface AnswerPredicate {
  readonly status?: StatusSet | undefined;
  readonly body?: Readonly<Record<string, Expected>> | undefined;
}

type Expected = string | number | boolean | null | { readonly exists: boolean };

/** A predicate, compiled once. */
export function compilePredicate(predicate: AnswerPredicate): (status: number, body: ReadableBody) => boolean {
  const conditions = Object.entries(predicate.body ?? {}).map(([path, its]) => ({ select: selector(path), its }));
  return (status, body) =>
    (predicate.status === undefined || hasStatus(predicate.status, status)) &&
    conditions.every(({ select, its }) => body.json !== undefined && isAsExpected(select(body), its));
}

function isAsExpected(selected: readonly unknown[], its: Expected): boolean {
  if (its === null || typeof its !== 'object') return selected.includes(its);
  return selected.some((value) => value !== null) === its.exists;
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
