import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { isMapping } from '../model/json.ts';
import {
  ConfigError,
  checkNoPluginsOutside,
  checkValue,
  InputError,
  mergeDeep,
  parseYaml,
  renderEnv,
  unsetIn,
  withSharedEnvironment,
} from '../plugin/src/config/index.ts';
import { isProgram, runSuiteFile } from './suite-program.ts';

/** The `config` of a scenario as the YAML has it: a mapping whose content is not checked yet. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** Which scenario to load, and for which environment. */
export interface ScenarioSource {
  readonly file: string;
  /** Undefined: only what stands in `config` itself. */
  readonly environment: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether `{{ $env.NAME }}` may name a variable that is not set. Default: true. */
  readonly mayLackVariables?: boolean;
}

/** A scenario as a file has it, its environment merged into `config`. */
export interface LoadedScenario {
  /** Everything but `config`. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly config: RawConfig;
}

/**
 * Reads a scenario. The environment is merged into `config`: first the block of the shared file, then the scenario's own.
 *
 * @throws InputError if the file cannot be read; ConfigError if it or the shared environments file is wrong
 */
export async function loadScenario(source: ScenarioSource): Promise<LoadedScenario> {
  const { file, environment, env, mayLackVariables = true } = source;
  const { config: written, ...sections } = await readScript(file);
  checkNoPluginsOutside(sections);
  const merged = mergeEnvironment(written, environment);
  if (!mayLackVariables) checkVariables({ ...sections, config: { ...merged, environments: {} } }, env);
  return {
    sections,
    config: withSharedEnvironment({
      config: renderEnv(merged, env, namesOf(source)) as RawConfig,
      environment,
      folder: dirname(file),
      env,
    }),
  };
}

/** What Artillery renders in `config` beside environment variables. */
const namesOf = ({ file, environment }: ScenarioSource) => ({
  $environment: environment,
  $dirname: dirname(file),
  $scenarioFile: file,
});

/**
 * Parses the text of a scenario; `file` is for the error message.
 *
 * @throws ConfigError if the text is not YAML or has no `config` block
 */
export const parseScript = (text: string, file: string): Script => checkedScript(parseYaml(text, file), file);

type Script = Readonly<Record<string, unknown>> & { readonly config: RawConfig };

function checkedScript(script: unknown, file: string): Script {
  checkValue(script, file);
  if (isMapping(script) && isMapping(script.config)) return { ...script, config: script.config };
  throw new ConfigError({ path: file, problem: 'has no config block' });
}

/** Merges as Artillery does (deep, and arrays by index), so that we check the config that will run. */
export function mergeEnvironment(config: RawConfig, environment: string | undefined): RawConfig {
  const { environments } = config;
  const isOwn = environment !== undefined && isMapping(environments) && Object.hasOwn(environments, environment);
  const block = isOwn ? environments[environment] : {};
  return mergeDeep(config, isMapping(block) ? block : {}, 'by index') as RawConfig;
}

async function readScript(file: string): Promise<Script> {
  if (isProgram(file)) return checkedScript(await runSuiteFile(file), file);
  const text = await readText(file);
  // JSON may be indented by tabs, and YAML may not.
  const json = extname(file).toLowerCase() === '.json' ? jsonIn(text) : undefined;
  return json === undefined ? parseScript(text, file) : checkedScript(json, file);
}

/** Undefined where the text is not JSON: the YAML parser then says why, as it does in Artillery. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkVariables(script: unknown, env: ScenarioSource['env']): void {
  const unset = unsetIn(script, env);
  if (unset.length === 0) return;
  throw new ConfigError(
    unset.map(({ name, path }) => ({
      path,
      problem: `the variable ${name} is not set`,
      fix: 'set it, or write it into the file .env beside the suite',
    })),
  );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read the scenario: ${error instanceof Error ? error.message : error}`);
  }
}
