import path from 'node:path';
import { environmentsFileOf, type RunSettings, resolveRun, withSharedEnvironment } from '../../config/index.ts';
import type { ArtilleryScript } from './artillery.ts';

/**
 * What to say of an environment that is not in the script itself: Artillery has just warned of it.
 *
 * @returns undefined where there is nothing to say
 */
export function noticeOfEnvironment({ config, _environment: name }: ArtilleryScript): string | undefined {
  const own = config.environments;
  const isOwn = name === undefined || (typeof own === 'object' && own !== null && Object.hasOwn(own, name));
  const file = environmentsFileOf(config);
  if (isOwn || file === undefined) return undefined;
  return `Environment ${name} is in ${file}, which Artillery does not read: never mind its warning`;
}

/**
 * Takes the environment of the file that all scenarios share into the script, and checks the whole set-up. Artillery reads
 * target, variables, TLS and HTTP settings from the script after its plugins were constructed.
 *
 * @throws ConfigError with one line for each problem
 */
export function settingsOf(script: ArtilleryScript): RunSettings {
  const { _environment: environment, _scriptPath: file = '.' } = script;
  const { env } = process;
  Object.assign(
    script.config,
    withSharedEnvironment({ config: script.config, environment, folder: path.dirname(file), env }),
  );
  return resolveRun({ config: script.config, environment, env });
}
