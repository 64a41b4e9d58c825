import { isMapping } from '../../../model/json.ts';

/**
 * The second of two values over the first, mapping by mapping.
 *
 * @param lists `by index`, as Artillery merges an environment into its script; or one list in place of the other
 */
export function mergeDeep(base: unknown, over: unknown, lists: 'by index' | 'replaced'): unknown {
  if (over === undefined) return base;
  if (lists === 'by index' && Array.isArray(base) && Array.isArray(over)) {
    return [...over.map((its, index) => mergeDeep(base[index], its, lists)), ...base.slice(over.length)];
  }
  if (!isMapping(base) || !isMapping(over)) return over;
  const merged = Object.entries(over).map(([key, its]) => [key, mergeDeep(ownOf(base, key), its, lists)]);
  return { ...base, ...Object.fromEntries(merged) };
}

const ownOf = (its: Readonly<Record<string, unknown>>, key: string) => (Object.hasOwn(its, key) ? its[key] : undefined);
