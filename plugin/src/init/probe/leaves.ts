import { compile } from 'json-p3';
import { isMapping } from '../../../../model/json.ts';
import type { Gaps } from './gaps.ts';

type Scalar = string | number | boolean | null;

/** A value in JSON that holds no others. */
export interface Leaf {
  /** JSONPath, with `*` for a name that belongs to the booking. */
  readonly path: string;
  /** The names on the way, without indices of lists; the last one is its own. */
  readonly names: readonly string[];
  readonly value: Scalar;
}

/** An answer with more than this is a list of everything, and its rest says nothing new. */
const MAX_LEAVES = 2000;
const MAX_DEPTH = 12;

/** All leaves of a JSON value, in its order. */
export function leavesOf(json: unknown, gaps: Gaps): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (value: unknown, path: string, names: readonly string[], depth: number): void => {
    if (leaves.length >= MAX_LEAVES || depth > MAX_DEPTH) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`, names, depth + 1);
    } else if (isMapping(value)) {
      for (const [name, item] of Object.entries(value)) {
        walk(item, path + stepTo(name, gaps), [...names, name], depth + 1);
      }
    } else if (value !== undefined) leaves.push({ path, names, value: value as Scalar });
  };
  walk(json, '$', [], 0);
  return leaves;
}

/** The step of a JSONPath to a member of that name. */
export function stepTo(name: string, gaps: Gaps): string {
  if (gaps.isOwn(name) || /^\d+$/.test(name) || /^[0-9a-f-]{32,36}$/i.test(name)) return '.*';
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, '\\$&')}']`;
}

/** What a JSONPath selects; nothing where there is no JSON. */
export function valuesAt(json: unknown, path: string): readonly unknown[] {
  return json === undefined
    ? []
    : compile(path)
        .query(json as never)
        .values();
}

export const lastName = ({ names }: Leaf): string => names.at(-1) ?? '';
