import type * as z from 'zod';
import { maxOf } from '../../../model/index.ts';
import { isTemplate, wordsFor } from '../../../model/issue-words.ts';
import { ownValue } from '../../../model/json.ts';
import { valueText } from '../../../model/value-text.ts';
import { allowedKeys, allowedTexts } from './allowed-keys.ts';
import { withStars } from './public-url.ts';
import { similar, suggestion } from './suggestion.ts';

/** One thing that is wrong with the input. */
export interface ConfigProblem {
  /** A YAML path, an environment variable or a file; empty if the whole input is wrong. */
  readonly path: string;
  /** What is wrong, such as `unknown key`; absent if `fix` says it. */
  readonly problem?: string;
  /** What to do, such as `did you mean "p95Ms"?` or `must be at least 2`. */
  readonly fix?: string;
  /** The value received, as text; absent if it does not help, or may hold a secret. */
  readonly received?: string;
}

/** Bad input, found before anything was started. It is printed without a stack, with a line for each problem. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}

/** Bad input that knows the path of each problem. */
export class ConfigError extends InputError {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: ConfigProblem | readonly ConfigProblem[]) {
    const all = [problems].flat();
    super(messageOf(all));
    this.problems = all;
  }

  /** The same problems, each with the name of the file or scenario in front. */
  inside(name: string): this {
    const Same = this.constructor as new (problems: readonly ConfigProblem[]) => this;
    return new Same(this.problems.map((problem) => ({ ...problem, path: joined(': ', name, problem.path) })));
  }
}

/** More problems than this have one cause. */
const MAX_LINES = 20;

function messageOf(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, MAX_LINES).map(lineOf);
  return (problems.length > MAX_LINES ? [...lines, `and ${problems.length - MAX_LINES} more`] : lines).join('\n');
}

/** The script has no environment of that name. */
export class UnknownEnvironment extends ConfigError {}

/** A problem as one line, such as `config.plugins.race.limits.p95: unknown key; did you mean "p95Ms"?`. */
export function lineOf({ path, problem = '', fix = '', received }: ConfigProblem): string {
  return joined(': ', path, joined('; ', problem, fix)) + (received === undefined ? '' : ` (received ${received})`);
}

/** What was parsed, and where it came from. */
interface Parsed {
  readonly schema: z.ZodType;
  readonly input: unknown;
  /** The YAML path of the input; empty if the input is the whole file. */
  readonly path: string;
}

/** The issues of a failed parse as problems. */
export function problemsIn(error: z.ZodError, parsed: Parsed): ConfigProblem[] {
  const problems = error.issues.flatMap((issue) => problemsOf(issue, parsed));
  // A misspelt key is one mistake, although the right one is missing as well.
  const meant = new Set(problems.map(meantPath));
  const isMissing = ({ problem, received }: ConfigProblem) => problem === 'missing' || received === 'nothing';
  return problems.filter((problem) => !isMissing(problem) || !meant.has(problem.path));
}

/** The path of the key that a misspelt one stands for. */
function meantPath({ path, problem, fix = '' }: ConfigProblem): string | undefined {
  const [, key] = /^did you mean "(.+)"\?$/.exec(fix) ?? [];
  return problem !== 'unknown key' || key === undefined ? undefined : joined('.', parentOf(path), key);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

function problemsOf(issue: z.core.$ZodIssue, parsed: Parsed): ConfigProblem[] {
  const path = joined('.', parsed.path, ...issue.path.map(String));
  const value = valueAt(issue.path, parsed.input);
  const received = value === undefined ? 'nothing' : shown(value, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: joined('.', path, key),
        problem: 'unknown key',
        fix: suggestion(key, allowedKeys(parsed.schema, issue.path, value)),
      }));
    case 'invalid_union': {
      const branch = closestBranch(issue.errors);
      if (branch === undefined && value === undefined) return [{ path, problem: 'missing', fix: wordsFor(issue) }];
      if (branch === undefined) return [{ path, fix: fixOf(issue, value, parsed), received }];
      return branch.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, parsed));
    }
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, fix: `the key ${message}` }));
    case 'invalid_type':
      // The value may be a short form, such as the name of a rule, that lacks this setting.
      if (issue.message.endsWith('received undefined')) return [{ path, problem: 'missing', fix: wordsFor(issue) }];
      return [{ path, fix: wordsFor(issue), received }];
    default:
      return [{ path, fix: fixOf(issue, value, parsed), received }];
  }
}

/** A shorter word is similar to too many others: "all" is not meant where "any" is known. */
const MIN_LENGTH = 4;

/** What a value must be, and the word that was meant where a known one is similar. */
function fixOf(issue: z.core.$ZodIssue, value: unknown, { schema }: Parsed): string {
  const isWord = typeof value === 'string' && value.length >= MIN_LENGTH;
  const meant = isWord ? similar(value, allowedTexts(schema, issue.path)) : undefined;
  return joined('; ', wordsFor(issue), meant ?? '');
}

/** A value as far as it is no secret: headers and bodies may always hold one, and a text may be a URL. */
function shown(value: unknown, path: readonly PropertyKey[]): string {
  if (SENT.some((name) => path.includes(name))) return '***';
  return valueText(value)
    .replace(/"(headers|json)":.*$/s, '"$1":***')
    .replace(/"((?:[^"\\]|\\.)*)"/g, (_all, text: string) => `"${withStars(text)}"`)
    .slice(0, 60);
}

const SENT = ['headers', 'json'];

/**
 * The branch of a union that the value was meant for: the one with the deepest issue. A branch for another type, or for one
 * fixed value, does not count; undefined if no branch is left.
 */
function closestBranch(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.core.$ZodIssue[]) => maxOf(issues.map(({ path }) => path.length));
  return branches
    .filter((issues) =>
      issues.some(
        (issue) =>
          issue.path.length > 0 || !(['invalid_type', 'invalid_value'].includes(issue.code) || isTemplate(issue)),
      ),
    )
    .toSorted((a, b) => depth(b) - depth(a))[0];
}

/** The value at a path. If a block is written in its short form, such as a path for `readBack`, the value is that form. */
function valueAt(path: readonly PropertyKey[], input: unknown): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? ownValue(at, key) : at), input);
}

const joined = (separator: string, ...parts: readonly string[]) => parts.filter((part) => part !== '').join(separator);
