import { distance } from 'fastest-levenshtein';
import { ConfigError } from './config-error.ts';

/**
 * Refuses a variable whose name is nearly that of a known one: it would be ignored in silence. Other variables that begin
 * with ORDER_ may be the suite's own.
 *
 * @param known every variable of ours
 * @param read those that this suite reads
 * @throws ConfigError with a line for each misspelt variable
 */
export function checkSpelling(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
  read: readonly string[],
): void {
  const problems = Object.keys(env)
    .filter((name) => /^ORDER_/i.test(name) && !known.includes(name) && env[name]?.trim())
    .flatMap((name) => {
      const meant = read.find((choice) => isNearly(name, choice));
      return meant === undefined ? [] : [{ path: name, problem: 'unknown variable', fix: `did you mean "${meant}"?` }];
    });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** At most two letters differ, and of a short name at most a third; underscores and case do not count. */
function isNearly(name: string, choice: string): boolean {
  const [written, meant] = [name, choice].map((text) =>
    text
      .toUpperCase()
      .replace(/^ORDER_/, '')
      .replaceAll('_', ''),
  );
  if (written === undefined || meant === undefined) return false;
  return distance(written, meant) <= Math.min(2, Math.ceil(written.length / 3));
}
