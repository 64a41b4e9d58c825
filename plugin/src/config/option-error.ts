import { InputError } from './config-error.ts';
import { suggestion } from './suggestion.ts';

/**
 * What `parseArgs` throws, as bad input.
 *
 * @param options the names of all options, without dashes
 */
export function optionError(error: unknown, options: readonly string[]): InputError {
  // Node's message goes on with advice about positional arguments, which does not apply here.
  const [problem = ''] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/);
  const [, unknown] = /^Unknown option '(--[\w-]+)/.exec(problem) ?? [];
  const fix = unknown === undefined ? '' : suggestion(unknown, ['--help', ...options.map((name) => `--${name}`)]);
  return new InputError(`${problem}${fix.startsWith('did you mean') ? `; ${fix}` : ''} (--help lists the options)`);
}
