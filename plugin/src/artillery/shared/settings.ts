import path from 'node:path';
import { type RunSettings, resolveRun, type SourcedInventory, withSharedEnvironment } from '../../config/index.ts';
import type { ArtilleryScript } from './artillery.ts';

/**
 * Merges the environment from the shared environments file into the script, and checks all settings. Artillery reads the
 * target, variables, TLS and HTTP settings from the script after it has constructed its plugins.
 *
 * @param sourced the inventories, where the suite only says where they come from
 * @throws ConfigError with one line for each problem
 */
export function settingsOf(script: ArtilleryScript, sourced?: readonly SourcedInventory[]): RunSettings {
  const { _environment: environment, _scriptPath: file = '.' } = script;
  const { env } = process;
  Object.assign(
    script.config,
    withSharedEnvironment({ config: script.config, environment, folder: path.dirname(file), env }),
  );
  return resolveRun({ config: script.config, environment, env, sourced });
}
