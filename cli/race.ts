import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_RULE, ruleNameOf } from '../model/index.ts';
import { publicUrl, type RunSettings, readBackIdentities } from '../plugin/src/config/index.ts';
import { type ArtilleryRun, runArtillery } from './artillery.ts';
import type { Env, Invocation } from './invocation.ts';
import { type MeetingPlace, startMeetingPlace } from './meeting-place.ts';
import { type PreparedScenario, seatsOf } from './prepare.ts';
import { type ReferenceApi, startReferenceApi } from './reference-api.ts';
import { checkSignIn, signsIn } from './sign-in-check.ts';
import { nodePathOf } from './suite.ts';
import { endingOfAll, type FinishedRun, type FinishedScenario, readVerdict } from './verdict.ts';

/** The module that finds the plugin for a suite of the user's own. */
const FIND_PLUGIN = new URL('find-plugin.mjs', import.meta.url).href;

export interface RaceOptions extends Invocation {
  /** The command that repeats the run, without secrets. */
  readonly command: string;
}

/**
 * Runs one scenario: starts the bundled API if the scenario needs it, signs in, races, and finds the verdict.
 *
 * @throws InputError if the sign-in is refused or the API does not start
 */
export async function race(prepared: PreparedScenario, options: RaceOptions): Promise<FinishedScenario> {
  const { args, signal } = options;
  const place = args.machines === undefined ? undefined : await startMeetingPlace(signal);
  try {
    return await raceAt(place, prepared, options);
  } finally {
    await place?.stop();
  }
}

async function raceAt(
  place: MeetingPlace | undefined,
  prepared: PreparedScenario,
  options: RaceOptions,
): Promise<FinishedScenario> {
  const { signal } = options;
  return withApi(prepared, options, async (env) => {
    await signInFirst(prepared, prepared.settingsFor(env), env, signal);
    signal.throwIfAborted();
    return runAndJudge(prepared, { ...options, env }, place);
  });
}

/**
 * Does something while the bundled API runs, if the scenario needs it.
 *
 * @param work gets the variables of the run, and the URL of the API if it was started
 */
export async function withApi<T>(
  prepared: PreparedScenario,
  invocation: Invocation,
  work: (env: Env, url: string | undefined) => Promise<T>,
): Promise<T> {
  if (!prepared.needsApi) return work(invocation.env, undefined);
  const api = await startApi(prepared, invocation);
  try {
    return await work({ ...invocation.env, ORDER_BASE_URL: api.url }, api.url);
  } finally {
    await api.stop();
  }
}

/**
 * Signs in the first virtual user of a suite that signs in, and returns the token.
 *
 * @throws InputError if that is refused
 */
export async function signInFirst(
  { config, file, scenario }: PreparedScenario,
  settings: RunSettings,
  env: Env,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!signsIn(config.variables, scenario.isBundled)) return undefined;
  return checkSignIn({
    config,
    scenarioFile: file,
    target: settings.target,
    contenders: settings.plan.contenders,
    reserved: readBackIdentities(settings.readBack),
    env: settings.orderVariables ? env : { ...env, ORDER_TOKEN: undefined },
    signal,
  });
}

async function startApi(prepared: PreparedScenario, { root, args, env, signal }: Invocation): Promise<ReferenceApi> {
  const { store, lock } = args;
  // The API names its flows after the rules.
  const flow = ruleNameOf(prepared.settings.plan);
  const capacity = capacityOfAll(prepared.settings.plan);
  const isPool = capacity !== undefined && capacity > 1;
  const api = await startReferenceApi({
    root,
    seats: seatsOf(prepared),
    flow,
    store,
    lock: lock ?? (isPool ? POOL_LOCKS[store ?? 'sqlite'] : undefined),
    capacity,
    signal,
  });
  if (!args.quiet && env.ORDER_IN_PACK === undefined)
    console.log(`Reference API at ${publicUrl(api.url)} (pid ${api.pid}, lock ${api.lock})`);
  return api;
}

/** The locks that sell several units of a seat. The usual ones sell each seat once. */
const POOL_LOCKS: Readonly<Record<string, string>> = { sqlite: 'immediate', postgres: 'locked-count' };

/** How many units the API has of each seat, where the scenario is about seats and all have the same number. */
function capacityOfAll(plan: RunSettings['plan']): number | undefined {
  const [first, ...others] = plan.inventories.map(({ capacity }) => capacity);
  return ruleNameOf(plan) === DEFAULT_RULE && others.every((capacity) => capacity === first) ? first : undefined;
}

/** Runs Artillery, once for each machine. */
async function runAndJudge(
  prepared: PreparedScenario,
  options: RaceOptions,
  place: MeetingPlace | undefined,
): Promise<FinishedScenario> {
  const run = artilleryRun(prepared, options, place);
  const { machines = 1 } = options.args;
  // All of them end with the same verdict, so one of them prints it.
  const others = Array.from({ length: machines - 1 }, () => runOne({ ...run, output: 'none' }, prepared));
  return endingOfAll(await Promise.all([runOne(run, prepared), ...others]));
}

/**
 * The run names its verdict in a note: the folder for the reports may hold those of other runs. The note is a hidden file of
 * that folder, because the run can write there.
 */
async function runOne(run: ArtilleryRun, { outputDir }: PreparedScenario): Promise<FinishedRun> {
  const note = join(outputDir, `.${randomUUID()}.note`);
  try {
    const childExit = await runArtillery({ ...run, env: { ...run.env, ORDER_VERDICT_NOTE: note } });
    return { childExit, verdict: await readVerdict(note) };
  } finally {
    // A note that stays behind costs nothing, and certainly not the verdict.
    await rm(note, { force: true }).catch(() => {});
  }
}

function artilleryRun(prepared: PreparedScenario, options: RaceOptions, place: MeetingPlace | undefined): ArtilleryRun {
  const { root, args, env, command, signal } = options;
  const { scenario, file, environment, outputDir, settings } = prepared;
  const runId = prepared.runId ?? (place && randomUUID());
  return {
    root,
    folder: scenario.folder,
    scenario: scenario.file,
    environment,
    output: outputOf(options),
    repeats: settings.plan.repeat !== undefined,
    signal,
    // The suite's processor may import the plugin, which perhaps only this clone has.
    ...(!scenario.isBundled && { nodeOptions: ['--import', FIND_PLUGIN] }),
    env: {
      ...env,
      ARTILLERY_DISABLE_TELEMETRY: 'true',
      ORDER_COMMAND: command,
      ...(runId !== undefined && { ORDER_RUN_ID: runId }),
      // If the user is in another folder, only the full path works there.
      ...(process.cwd() !== scenario.folder && { ORDER_OUTPUT_DIR: outputDir }),
      ...(!scenario.isBundled && { NODE_PATH: nodePathOf(file, env.NODE_PATH) }),
      ...(process.stdout.isTTY && { ORDER_PROGRESS: '1' }),
      ...(place && { ORDER_MACHINES: String(args.machines ?? 1), ORDER_MEET: place.url }),
    },
  };
}

function outputOf({ args }: RaceOptions): ArtilleryRun['output'] {
  if (args.verbose) return 'verbose';
  return args.quiet ? 'quiet' : 'normal';
}
