import { join } from 'node:path';
import { isMapping } from '../model/json.ts';
import {
  ConfigError,
  checkRaceLines,
  type RunSettings,
  resolveRun,
  UnknownEnvironment,
} from '../plugin/src/config/index.ts';
import type { Env, Invocation } from './invocation.ts';
import { loadScenario, type RawConfig } from './load-scenario.ts';
import { DEMO } from './options.ts';
import type { Scenario } from './scenarios.ts';

/** A scenario that is checked and ready to run. Nothing is started yet. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  /** The full path of the scenario. */
  readonly file: string;
  readonly config: RawConfig;
  /** If the bundled API has to start first, the target in here is not the real one yet. */
  readonly settings: RunSettings;
  /** Whether the scenario needs the bundled API. */
  readonly needsApi: boolean;
  /** The settings again, for the given variables. */
  readonly settingsFor: (env: Env) => RunSettings;
}

/** A placeholder for the address of the bundled API, so that bad input is found before the API starts. */
const UNKNOWN_ADDRESS = 'http://127.0.0.1:9';

/**
 * Checks every scenario. If there are several, those without this environment are left out, with a line that says so.
 *
 * @throws ConfigError if a scenario is wrong, or if no scenario has this environment
 */
export async function prepareAll(
  scenarios: readonly Scenario[],
  invocation: Pick<Invocation, 'root' | 'args' | 'env'>,
): Promise<PreparedScenario[]> {
  const prepared: PreparedScenario[] = [];
  const leftOut: UnknownEnvironment[] = [];
  for (const scenario of scenarios) {
    try {
      prepared.push(await prepare(scenario, invocation));
    } catch (error) {
      if (scenarios.length === 1 || !(error instanceof ConfigError)) throw error;
      const problem = error.inside(scenario.name);
      if (!(problem instanceof UnknownEnvironment)) throw problem;
      leftOut.push(problem);
    }
  }
  const [first] = leftOut;
  if (prepared.length === 0 && first !== undefined) throw first;
  // Also with --quiet: nobody should believe that every scenario ran.
  for (const { message } of leftOut) console.error(`Left out: ${message}`);
  return prepared;
}

/**
 * Checks one scenario.
 *
 * @throws InputError if the scenario cannot be read or is wrong
 */
export async function prepare(
  scenario: Scenario,
  { root, args: { environment }, env }: Pick<Invocation, 'root' | 'args' | 'env'>,
): Promise<PreparedScenario> {
  const file = join(root, scenario.file);
  const { config, sections } = await loadScenario({ file, environment, env });
  const settingsFor = (variables: Env) => resolveRun({ config, environment, env: variables });
  const needsApi = environment === DEMO && !env.ORDER_BASE_URL;
  const settings = settingsFor(needsApi ? { ...env, ORDER_BASE_URL: UNKNOWN_ADDRESS } : env);
  checkRaceLines({ ...sections, config }, settings.plan);
  if (needsApi) checkHearsOfApi(scenario, settings);
  return { scenario, file, config, settings, needsApi, settingsFor };
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
