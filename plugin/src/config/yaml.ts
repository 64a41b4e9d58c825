import { createRequire } from 'node:module';
import { checkDepth, MAX_FILE_CHARACTERS } from './bounds.ts';
import { ConfigError } from './config-error.ts';

/** Loaded when first needed: that takes a while, and most suites keep their environments in the script. */
const loadYaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/**
 * The value of a YAML text, read as Artillery reads its scripts: with merge keys (`<<: *base`), which YAML 1.2 dropped.
 *
 * @param file for the message
 * @throws ConfigError naming the file and the first problem; also for a text that is too long, is nested too deeply, or
 *   whose aliases would make it grow without end
 */
export function parseYaml(text: string, file: string): unknown {
  if (text.length > MAX_FILE_CHARACTERS) {
    const problem = `is too long: ${(text.length / 1e6).toFixed(1)} million characters`;
    throw new ConfigError({ path: file, problem, fix: `at most ${MAX_FILE_CHARACTERS / 1e6} million` });
  }
  const value = parse(text, file);
  checkDepth(value, file);
  return value;
}

function parse(text: string, file: string): unknown {
  try {
    // A warning would quote the text on stderr as it is, with all that a terminal obeys.
    return loadYaml().parse(text, { merge: true, logLevel: 'error' });
  } catch (error) {
    throw new ConfigError({ path: file, problem: problemOf(error as Error) });
  }
}

function problemOf({ message }: Error): string {
  if (message.startsWith('Maximum call stack')) return 'is nested too deeply';
  if (message.startsWith('Excessive alias count')) return 'its aliases repeat one another too often';
  const [problem = ''] = message.split('\n');
  return problem.replace(/:$/, '');
}
