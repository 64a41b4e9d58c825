import { isMapping } from '../../../model/json.ts';

/**
 * Merges two values, mapping by mapping; `over` wins.
 *
 * @param lists `by index`, as Artillery merges an environment into its script, or `replaced`: the list of `over` alone
 */
export function mergeDeep(base: unknown, over: unknown, lists: 'by index' | 'replaced'): unknown {
  if (over === undefined) return base;
  if (lists === 'by index' && Array.isArray(base) && Array.isArray(over)) {
    return [...over.map((value, index) => mergeDeep(base[index], value, lists)), ...base.slice(over.length)];
  }
  if (!isMapping(base) || !isMapping(over)) return over;
  const merged = Object.entries(over).map(([key, value]) => {
    // A key such as `constructor` must not be merged into what every object inherits.
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, mergeDeep(below, value, lists)];
  });
  return { ...base, ...Object.fromEntries(merged) };
}
