import type * as z from 'zod';
import { suggestion } from './suggestion.ts';

/**
 * Bad input, found before anything was started. `message` has one line for each problem: where, what was received, and
 * the mend.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The script has no environment of that name. */
export class UnknownEnvironment extends ConfigError {}

/**
 * The issues of a failed parse as lines such as
 * `config.plugins.race.limits.p95: unknown key; did you mean "p95Ms"?`.
 *
 * @param path where the parsed value stands in the YAML; empty where it is all of it
 * @param input the value that was parsed, to show what was received
 * @param keysAt the keys that are allowed at a path below it, for suggestions
 */
export function describeIssues(
  error: z.ZodError,
  path: string,
  input: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): string {
  return error.issues.flatMap((issue) => describeIssue(issue, path, input, keysAt)).join('\n');
}

function describeIssue(
  issue: z.core.$ZodIssue,
  path: string,
  input: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): string[] {
  const where = [...(path === '' ? [] : [path]), ...issue.path.map(String)].join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${where}.${key}: unknown key; ${suggestion(key, keysAt(issue.path))}`);
    case 'invalid_union': {
      // A branch for another type of value, or for one value only, says nothing; of the rest, the one that came furthest
      // says most.
      const branches = issue.errors.filter((branch) =>
        branch.some((its) => !['invalid_type', 'invalid_value'].includes(its.code) || its.path.length > 0),
      );
      const best = branches.toSorted((a, b) => depth(b) - depth(a))[0];
      if (best === undefined) return [`${where}: ${issue.message} (received ${received(input, issue.path)})`];
      return best.flatMap((inner) =>
        describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, path, input, keysAt),
      );
    }
    case 'invalid_key':
      return issue.issues.map(({ message }) => `${where}: the key ${message}`);
    default:
      return [`${where}: ${issue.message} (received ${received(input, issue.path)})`];
  }
}

const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(...issues.map((issue) => issue.path.length));

function received(input: unknown, path: readonly PropertyKey[]): string {
  // Where the short form of a block was given (a path for `readBack`), that is what was received.
  const value = path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : at),
    input,
  );
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
