import { relative, resolve } from 'node:path';
import { isMapping } from '../model/json.ts';
import {
  ConfigError,
  checkRaceLines,
  InputError,
  type RunSettings,
  resolveRun,
  type SourcedInventory,
  UnknownEnvironment,
} from '../plugin/src/config/index.ts';
import type { LeftOut } from '../reports/index.ts';
import type { Arguments } from './arguments.ts';
import { checkAsArtillery } from './artillery-rules.ts';
import type { Env, Invocation } from './invocation.ts';
import { loadScenario, type RawConfig } from './load-scenario.ts';
import { DEMO, OPTIONS } from './options.ts';
import type { Scenario } from './scenario.ts';

/** A scenario that is checked and ready to run. Nothing is started yet. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  /** The full path of the scenario. */
  readonly file: string;
  /** The name of the environment; undefined where a suite of the user's own has none. */
  readonly environment: string | undefined;
  readonly config: RawConfig;
  /** Everything beside `config`. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** The user's name for the run, ORDER_RUN_ID; of several scenarios, each has one of its own. */
  readonly runId: string | undefined;
  /** The full path of the folder for the reports. */
  readonly outputDir: string;
  /** If the bundled API has to start first, the target in here is not the real one yet. */
  readonly settings: RunSettings;
  /** Whether the scenario needs the bundled API. */
  readonly needsApi: boolean;
  /** The settings again, for the given variables, and inventories that a request or a file has named. */
  readonly settingsFor: (env: Env, sourced?: readonly SourcedInventory[]) => RunSettings;
}

/** A placeholder for the address of the bundled API, so that bad input is found before the API starts. */
const UNKNOWN_ADDRESS = 'http://127.0.0.1:9';

/** The scenarios that can run, and those for which the environment lacks something. */
export interface PreparedPack {
  readonly prepared: readonly PreparedScenario[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Checks every scenario. If there are several, those for which the environment lacks something are left out, with a line
 * that says so.
 *
 * @throws ConfigError if a scenario is wrong, or if the environment has what it takes for none of them
 */
export async function prepareAll(
  scenarios: readonly Scenario[],
  invocation: Pick<Invocation, 'root' | 'args' | 'env'>,
): Promise<PreparedPack> {
  const prepared: PreparedScenario[] = [];
  const lacking: ConfigError[] = [];
  const leftOut: LeftOut[] = [];
  const { env } = invocation;
  for (const scenario of scenarios) {
    try {
      const runId = scenarios.length > 1 ? runIdIn(env, scenario) : env.ORDER_RUN_ID;
      prepared.push(await prepare(scenario, { ...invocation, env: { ...env, ORDER_RUN_ID: runId } }));
    } catch (error) {
      if (scenarios.length === 1 || !(error instanceof ConfigError)) throw error;
      if (!lacksConfiguration(error)) throw error.inside(scenario.name);
      lacking.push(error.inside(scenario.name));
      leftOut.push({ scenario: scenario.name, reason: error.message.replaceAll('\n', '; ') });
    }
  }
  if (prepared.length === 0) throw nothingToRun(lacking);
  // Also with --quiet: nobody should believe that every scenario ran.
  for (const { scenario, reason } of leftOut) console.error(`Left out: ${scenario}: ${reason}`);
  return { prepared, leftOut };
}

/** Each scenario is a run, and no two runs have the same name. */
function runIdIn(env: Env, { name }: Scenario): string | undefined {
  const id = env.ORDER_RUN_ID?.trim() || env.ARTILLERY_TEST_RUN_ID?.trim();
  return id ? `${id}-${name}` : undefined;
}

/** Whether the scenario is right, and only the environment lacks a value for it. */
const lacksConfiguration = (error: ConfigError): boolean =>
  error instanceof UnknownEnvironment ||
  error.problems.every(
    ({ path, problem = '' }) =>
      ['missing', 'is empty'].includes(problem) && /(^ORDER_|\btarget$|\bvariables\.|\.race\.readBack$)/.test(path),
  );

function nothingToRun(lacking: readonly ConfigError[]): ConfigError {
  const [first] = lacking;
  // If nobody knows the environment, one line says so.
  if (first instanceof UnknownEnvironment) return first;
  return new ConfigError(lacking.flatMap(({ problems }) => problems));
}

/**
 * Checks one scenario.
 *
 * @throws InputError if the scenario cannot be read or is wrong
 */
export async function prepare(
  scenario: Scenario,
  { args, env }: Pick<Invocation, 'args' | 'env'>,
): Promise<PreparedScenario> {
  const { folder, isBundled } = scenario;
  const file = resolve(folder, scenario.file);
  const environment = args.environment ?? (await onlyEnvironmentOf(file, env));
  const { config, sections } = await loadScenario({ file, environment, env, mayLackVariables: isBundled });
  const settingsFor: PreparedScenario['settingsFor'] = (variables, sourced) =>
    resolveRun({ config, environment, env: variables, sourced });
  const needsApi = isBundled && environment === DEMO && !env.ORDER_BASE_URL;
  if (!isBundled) checkNoDemo(args, scenario);
  const settings = settingsFor(needsApi ? { ...env, ORDER_BASE_URL: UNKNOWN_ADDRESS } : env);
  checkRaceLines({ ...sections, config }, settings.plan);
  if (!isBundled) await checkAsArtillery({ config, sections }, file);
  if (needsApi) checkHearsOfApi(scenario, settings);
  const outputDir = resolve(folder, settings.outputDir);
  const runId = env.ORDER_RUN_ID?.trim() || undefined;
  return { scenario, file, environment, config, sections, runId, settings, outputDir, needsApi, settingsFor };
}

/**
 * The environment of a suite for which the user has named none.
 *
 * @throws InputError if the suite has several
 */
async function onlyEnvironmentOf(file: string, env: Env): Promise<string | undefined> {
  const { config } = await loadScenario({ file, environment: undefined, env });
  const names = isMapping(config.environments) ? Object.keys(config.environments) : [];
  if (names.length < 2) return names[0];
  const suite = relative(process.cwd(), file);
  throw new InputError(`which environment? ${suite} has ${names.join(', ')}: name one of them after the suite`);
}

/** The options of the bundled API make no sense for a suite that has an environment of that name. */
function checkNoDemo(args: Arguments, { file }: Scenario): void {
  for (const [option, description] of Object.entries(OPTIONS)) {
    const name = option.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof Arguments;
    if ('demoOnly' in description && args[name] !== undefined) {
      throw new InputError(`--${option} configures the bundled API, which does not start for ${file}`);
    }
  }
}

/** The bundled API listens at a port of its own, and its seats come from --seat-count: both go to the suite as variables. */
function checkHearsOfApi({ file }: Scenario, { orderVariables }: RunSettings): void {
  if (orderVariables) return;
  throw new ConfigError({
    path: `${file}: config.plugins.race.orderVariables`,
    problem: `${DEMO} starts the bundled API, and only a suite with "orderVariables: true" hears of its address`,
    fix: 'set it, or choose an environment of the suite',
  });
}

/** The seats of the bundled API. A scenario that races for something else (a coupon) needs seats to order as well. */
export function seatsOf({ config, settings }: PreparedScenario): readonly string[] {
  const { variables } = config;
  const seats = settings.variables.seats ?? (isMapping(variables) ? variables.seats : undefined);
  if (Array.isArray(seats) && seats.length > 0) return seats.map(String);
  return settings.plan.inventories.map((inventory) => inventory.key);
}
