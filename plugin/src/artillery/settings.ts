import path from 'node:path';
import { type RunSettings, resolveRun, withSharedEnvironment } from '../config/index.ts';
import type { ArtilleryScript } from './types.ts';

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
