import { ConfigError } from './config-error.ts';

/** No race has more rounds: at a second each they would take three hours. */
export const MAX_INVENTORIES = 10_000;
/** A YAML file of more text is a mistake, or an attack on whoever reads it. */
export const MAX_FILE_CHARACTERS = 5_000_000;
/** A script of more levels is one too; and functions that call themselves would run out of stack. */
const MAX_DEPTH = 100;

/**
 * @param path what is nested, for the message
 * @throws ConfigError if a value is nested too deeply, or contains itself
 */
export function checkDepth(value: unknown, path: string): void {
  // An alias of YAML makes one object of many places, and each is looked through only once.
  const heights = new Map<object, number>();
  const ancestors = new Set<object>();
  const heightOf = (item: unknown): number => {
    if (typeof item !== 'object' || item === null) return 0;
    if (ancestors.has(item)) {
      const fix = 'in YAML, an alias (*name) must not stand below its own anchor (&name)';
      throw new ConfigError({ path, problem: 'has a value that contains itself', fix });
    }
    const height = heights.get(item) ?? heightBelow(item);
    if (ancestors.size + height > MAX_DEPTH) {
      throw new ConfigError({ path, problem: `is nested more than ${MAX_DEPTH} levels deep` });
    }
    return height;
  };
  const heightBelow = (item: object): number => {
    if (ancestors.size === MAX_DEPTH) return 1;
    ancestors.add(item);
    const height = 1 + Object.values(item).reduce((most, below) => Math.max(most, heightOf(below)), 0);
    ancestors.delete(item);
    heights.set(item, height);
    return height;
  };
  heightOf(value);
}

/**
 * @param path what is checked, for the message
 * @throws ConfigError as {@link checkDepth} does, and if there is a bigint: a script in JavaScript may have one, and JSON cannot
 *   write it
 */
export function checkValue(value: unknown, path: string): void {
  checkDepth(value, path);
  const seen = new Set<object>();
  const look = (item: unknown, at: readonly string[]): void => {
    if (typeof item === 'bigint') {
      const fix = 'write it as text, such as "5", or as a number';
      throw new ConfigError({ path: `${path}: ${at.join('.')}`, problem: 'is a bigint, which JSON cannot write', fix });
    }
    if (typeof item !== 'object' || item === null || seen.has(item)) return;
    seen.add(item);
    for (const [key, below] of Object.entries(item)) look(below, [...at, key]);
  };
  look(value, []);
}
