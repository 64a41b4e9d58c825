import { createRequire } from 'node:module';
import { ConfigError } from './config-error.ts';

/** Loaded when first needed: that takes a while, and most suites keep their environments in the script. */
const loadYaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/**
 * The value of a YAML text, read as Artillery reads its scripts: with merge keys (`<<: *base`), which YAML 1.2 dropped.
 *
 * @param file for the message
 * @throws ConfigError naming the file and the first problem
 */
export function parseYaml(text: string, file: string): unknown {
  try {
    return loadYaml().parse(text, { merge: true });
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n');
    throw new ConfigError({ path: file, problem: problem.replace(/:$/, '') });
  }
}
