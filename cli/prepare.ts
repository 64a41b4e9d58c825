import { join } from 'node:path';
import { isMapping } from '../model/json.ts';
import { checkRaceLines, type RunSettings, resolveRun } from '../plugin/src/config/index.ts';
import { type Arguments, DEMO } from './arguments.ts';
import { loadScenario, type RawConfig } from './scenario.ts';
import type { Scenario } from './scenarios.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A scenario that is ready to be run: everything about it is checked, and nothing was started. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  /** Its full path. */
  readonly file: string;
  readonly config: RawConfig;
  /** Where the bundled API is to be started, its address is not known yet. */
  readonly settings: RunSettings;
  /** Whether the bundled API is to be started for it. */
  readonly ownApi: boolean;
  readonly settle: (env: Environment) => RunSettings;
}

/** Stands for the address of the bundled API while the set-up is checked: nothing is started for bad input. */
const NOT_YET_KNOWN = 'http://127.0.0.1:9';

/**
 * Checks the set-up of a scenario.
 *
 * @throws InputError, ConfigError
 */
export async function prepare(
  root: string,
  scenario: Scenario,
  { environment }: Arguments,
  env: Environment,
): Promise<PreparedScenario> {
  const file = join(root, scenario.file);
  const { config, sections } = await loadScenario({ file, environment, env });
  const settle = (its: Environment) => resolveRun({ config, environment, env: its });
  const ownApi = environment === DEMO && !env.ORDER_BASE_URL;
  const settings = settle(ownApi ? { ...env, ORDER_BASE_URL: NOT_YET_KNOWN } : env);
  checkRaceLines(sections, settings.plan);
  return { scenario, file, config, settings, ownApi, settle };
}

/** The seats that the bundled API is to have: a scenario may be about something else, and need them all the same. */
export function seatsOf({ config, settings }: PreparedScenario): readonly string[] {
  const { variables } = config;
  const seats = settings.variables.seats ?? (isMapping(variables) ? variables.seats : undefined);
  if (Array.isArray(seats) && seats.length > 0) return seats.map(String);
  return settings.plan.inventories.map((inventory) => inventory.key);
}
