import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMapping } from '../model/json.ts';
import {
  ConfigError,
  checkNoPluginsOutside,
  InputError,
  mergeDeep,
  parseYaml,
  renderEnv,
  withSharedEnvironment,
} from '../plugin/src/config/index.ts';

/** The `config` of a scenario as the YAML has it: a mapping whose content is not checked yet. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** Which scenario to load, and for which environment. */
export interface ScenarioSource {
  readonly file: string;
  readonly environment: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a scenario. The environment is merged into `config`: first the block of the shared file, then the scenario's own.
 *
 * @throws InputError if the file cannot be read; ConfigError if it or the shared environments file is wrong
 */
export async function loadScenario({ file, environment, env }: ScenarioSource): Promise<{
  /** Everything but `config`. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly config: RawConfig;
}> {
  const { config: written, ...sections } = parseScript(await readScenario(file), file);
  checkNoPluginsOutside(sections);
  const config = renderEnv(mergeEnvironment(written, environment), env) as RawConfig;
  return {
    sections,
    config: withSharedEnvironment({ config, environment, folder: dirname(file), env }),
  };
}

/**
 * Parses the text of a scenario; `file` is for the error message.
 *
 * @throws ConfigError if the text is not YAML or has no `config` block
 */
export function parseScript(
  text: string,
  file: string,
): Readonly<Record<string, unknown>> & { readonly config: RawConfig } {
  const script = parseYaml(text, file);
  if (isMapping(script) && isMapping(script.config)) return { ...script, config: script.config };
  throw new ConfigError({ path: file, problem: 'has no config block' });
}

/** Merges as Artillery does (deep, and arrays by index), so that we check the config that will run. */
export function mergeEnvironment(config: RawConfig, environment: string): RawConfig {
  const { environments } = config;
  const block = isMapping(environments) && Object.hasOwn(environments, environment) ? environments[environment] : {};
  return mergeDeep(config, isMapping(block) ? block : {}, 'by index') as RawConfig;
}

async function readScenario(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read the scenario: ${error instanceof Error ? error.message : error}`);
  }
}
