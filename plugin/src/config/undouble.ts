import { isMapping } from '../../../model/json.ts';

/**
 * Takes away what Artillery's templates add to a script: beside a key with dots whose value is a mapping or a list, the same
 * once more as nested levels. `$.left: { above: 0 }` comes with a second key, `$: { left: { above: 0 } }`. Only there are
 * templates filled in, so the value of the written key comes from there.
 */
export function undoubled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(undoubled);
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
    // A path with double quotes is added a second time, with a quote in front.
    written.delete(`"${root}`);
  }
  return Object.fromEntries([...written].map(([key, below]) => [key, undoubled(below)]));
}

const PART = /[^.[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])(.*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))/g;

/** The levels that Artillery (lodash) makes of a key: `$.items[0].left` → `$`, `items`, `0`, `left`. */
const partsOf = (key: string): readonly string[] =>
  [...key.matchAll(PART)].map(([part, index, quote, quoted = '']) => (quote === undefined ? (index ?? part) : quoted));

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (hasKey(at, key) ? at[key] : undefined), value);

const hasKey = (value: unknown, key: string): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);

/** A value without what is at a path below it; undefined if nothing else is in it. */
function without(value: unknown, [key, ...below]: readonly string[]): unknown {
  if (key === undefined || !hasKey(value, key)) return undefined;
  const inner = without(value[key], below);
  const others = Object.entries(value).filter(([name, one]) => name !== key && one !== undefined);
  const all = inner === undefined ? others : [...others, [key, inner] as const];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}
