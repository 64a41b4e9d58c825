import { hasKey, isMapping, ownValue } from '../../../model/json.ts';

/**
 * Removes what Artillery adds to a script when it fills in templates. If a key has dots and its value is a mapping or a list,
 * Artillery writes the same value a second time, as nested levels: beside `$.left: { above: 0 }` it puts
 * `$: { left: { above: 0 } }`. Templates are filled in only in the nested copy, so the value of the written key is taken
 * from there.
 */
export function withoutTemplateLevels(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTemplateLevels);
  if (!isMapping(value)) return value;
  // `$.left` and `$.left.next` share a level, so the deeper one is taken out first.
  const doubled = Object.keys(value)
    .filter((key) => typeof value[key] === 'object' && value[key] !== null && partsOf(key).length > 1)
    .toSorted((a, b) => partsOf(b).length - partsOf(a).length);
  const written = new Map(Object.entries(value));
  for (const key of doubled) {
    const [root = '', ...below] = partsOf(key);
    const added = written.get(root);
    const filled = valueAt(added, below);
    if (filled === undefined) continue;
    written.set(key, filled);
    const rest = without(added, below);
    if (rest === undefined) written.delete(root);
    else written.set(root, rest);
    // Artillery adds a path with double quotes once more, with a quote in front.
    written.delete(`"${root}`);
  }
  return Object.fromEntries([...written].map(([key, below]) => [key, withoutTemplateLevels(below)]));
}

const PART = /[^.[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])(.*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))/g;

/** The levels that Artillery (lodash) makes of a key: `$.items[0].left` → `$`, `items`, `0`, `left`. */
const partsOf = (key: string): readonly string[] =>
  [...key.matchAll(PART)].map(([part, index, quote, quoted = '']) => (quote === undefined ? (index ?? part) : quoted));

const valueAt = (value: unknown, path: readonly string[]): unknown => path.reduce(ownValue, value);

/** A value without what is at a path below it; undefined if nothing else is in it. */
function without(value: unknown, [key, ...below]: readonly string[]): unknown {
  if (key === undefined || !hasKey(value, key)) return undefined;
  const inner = without(value[key], below);
  const others = Object.entries(value).filter(([name, one]) => name !== key && one !== undefined);
  const all = inner === undefined ? others : [...others, [key, inner] as const];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}
