import { isMapping, parseJson } from '../../../../model/json.ts';
import type { Capture, CapturedRequest } from '../capture.ts';

/** A single value in the JSON of an answer. */
export interface AnswerLeaf {
  /** JSONPath. */
  readonly path: string;
  /** The nearest name; empty in a bare list. */
  readonly name: string;
  readonly value: string | number | boolean | null;
}

/** No honest answer of a booking system has more. */
const MAX_LEAVES = 20_000;

/** All single values of an answer; empty where it is absent or no JSON. */
export const leavesOfAnswer = ({ answer }: CapturedRequest): AnswerLeaf[] => leavesIn(parseJson(answer?.body ?? ''));

export function leavesIn(value: unknown, path = '$', name = ''): AnswerLeaf[] {
  const leaves: AnswerLeaf[] = [];
  const walk = (inner: unknown, at: string, called: string): void => {
    if (leaves.length >= MAX_LEAVES) return;
    if (Array.isArray(inner)) for (const [index, one] of inner.entries()) walk(one, `${at}[${index}]`, called);
    else if (isMapping(inner)) for (const [key, one] of Object.entries(inner)) walk(one, below(at, key), key);
    else if (isSingle(inner)) leaves.push({ path: at, name: called, value: inner });
  };
  walk(value, path, name);
  return leaves;
}

const isSingle = (value: unknown): value is AnswerLeaf['value'] =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

export const below = (path: string, key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}['${key.replace(/[\\']/g, '\\$&')}']`;

/** What was sent before a request, and after it. */
export function around({ requests }: Capture, request: CapturedRequest) {
  const index = requests.indexOf(request);
  return { earlier: requests.slice(0, index), later: requests.slice(index + 1) };
}

export const headerOf = (headers: readonly (readonly [string, string])[], wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
