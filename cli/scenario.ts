import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMapping } from '../model/json.ts';
import { ConfigError, mergeDeep, parseYaml, renderEnv, withSharedEnvironment } from '../plugin/src/config/index.ts';
import { InputError } from './input-error.ts';

/** `config` of a scenario as YAML has it: nothing is known of it yet but that it is a mapping. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** A scenario, and where and with what it is to be run. */
export interface ScenarioSource {
  readonly file: string;
  readonly environment: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a scenario: its sections as YAML has them, and its `config` with the environment merged into that, its own and that of the
 * file that all scenarios share.
 *
 * @throws InputError where there is no such file
 * @throws ConfigError where it, or the file of the environments, is wrong
 */
export async function loadScenario({ file, environment, env }: ScenarioSource): Promise<{
  /** All but its config. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly config: RawConfig;
}> {
  const { config: own, ...sections } = parseScript(await readScenario(file), file);
  const config = renderEnv(mergeEnvironment(own, environment), env) as RawConfig;
  return {
    sections,
    config: withSharedEnvironment({ config, environment, folder: dirname(file), env }),
  };
}

/**
 * A scenario's text.
 *
 * @throws ConfigError where it is not YAML, or holds no `config` block
 */
export function parseScript(
  text: string,
  file: string,
): Readonly<Record<string, unknown>> & { readonly config: RawConfig } {
  const script = parseYaml(text, file);
  if (isMapping(script) && isMapping(script.config)) return { ...script, config: script.config };
  throw new ConfigError(`${file}: has no config block`);
}

/** As Artillery does it, so that what is checked is what will run: deep, and arrays by index. */
export function mergeEnvironment(config: RawConfig, environment: string): RawConfig {
  const { environments } = config;
  const its = isMapping(environments) && Object.hasOwn(environments, environment) ? environments[environment] : {};
  return mergeDeep(config, isMapping(its) ? its : {}, 'by index') as RawConfig;
}

async function readScenario(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read the scenario: ${error instanceof Error ? error.message : error}`);
  }
}
