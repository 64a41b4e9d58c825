import { ConfigError } from './config-error.ts';

/** No race has more rounds: at a second each they would take three hours. */
export const MAX_INVENTORIES = 10_000;
/** A YAML file of more text is a mistake, or an attack on whoever reads it. */
export const MAX_FILE_CHARACTERS = 5_000_000;
/** A script of more levels is one too; and functions that call themselves would run out of stack. */
const MAX_DEPTH = 100;

/**
 * @param path what is nested, for the message
 * @throws ConfigError if a value is nested too deeply
 */
export function checkDepth(value: unknown, path: string): void {
  let level: readonly unknown[] = [value];
  // An alias of YAML makes one object of many places, and each has to be looked at only once.
  const seen = new Set<unknown>();
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new ConfigError({ path, problem: `is nested more than ${MAX_DEPTH} levels deep` });
    level = level.flatMap((item) => {
      if (typeof item !== 'object' || item === null || seen.has(item)) return [];
      seen.add(item);
      return Object.values(item);
    });
  }
}
