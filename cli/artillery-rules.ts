import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMapping } from '../model/json.ts';
import { ConfigError } from '../plugin/src/config/index.ts';
import type { LoadedScenario } from './load-scenario.ts';

/** Artillery's own check of a script. It returns what is wrong. */
type Validate = (script: object) => string | undefined;

const VALIDATOR = new URL('../node_modules/artillery/dist/lib/util/validate-script.js', import.meta.url);

/**
 * What Artillery itself would refuse in a suite of the user's own. It would end with another exit code, and later.
 *
 * @throws ConfigError in Artillery's words, or naming a CSV file that is missing
 */
export async function checkAsArtillery({ config, sections }: LoadedScenario, file: string): Promise<void> {
  const { default: validate } = (await import(VALIDATOR.href)) as { default: Validate };
  const problem = validate({ ...sections, config });
  if (problem !== undefined) throw new ConfigError({ path: file, problem: `Artillery refuses it: ${problem}` });
  for (const payload of [config.payload ?? []].flat()) {
    const path = isMapping(payload) ? payload.path : undefined;
    if (typeof path !== 'string' || path.includes('{{') || existsSync(resolve(dirname(file), path))) continue;
    throw new ConfigError({
      path: 'config.payload',
      problem: `there is no file ${path} in ${dirname(file)}`,
      fix: 'the path is relative to the suite',
    });
  }
}
