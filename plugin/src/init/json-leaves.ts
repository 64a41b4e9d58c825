import { isMapping } from '../../../model/json.ts';

/** A single value in JSON. */
export interface JsonLeaf {
  /** JSONPath. */
  readonly path: string;
  /** The nearest name; empty in a bare list. */
  readonly name: string;
  readonly value: string | number | boolean | null;
}

/** No honest answer of a booking system has more. */
const MAX_LEAVES = 20_000;
const MAX_LEVELS = 100;

/** All single values in JSON, with their paths. */
export function leavesIn(value: unknown, path = '$', name = ''): JsonLeaf[] {
  const leaves: JsonLeaf[] = [];
  const walk = (inner: unknown, at: string, called: string, level: number): void => {
    if (leaves.length >= MAX_LEAVES || level > MAX_LEVELS) return;
    if (Array.isArray(inner))
      for (const [index, one] of inner.entries()) walk(one, `${at}[${index}]`, called, level + 1);
    else if (isMapping(inner))
      for (const [key, one] of Object.entries(inner)) walk(one, below(at, key), key, level + 1);
    else if (isSingle(inner)) leaves.push({ path: at, name: called, value: inner });
  };
  walk(value, path, name, 0);
  return leaves;
}

const isSingle = (value: unknown): value is JsonLeaf['value'] =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The JSONPath of a field below another. */
export const below = (path: string, key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}['${key.replace(/[\\']/g, '\\$&')}']`;
