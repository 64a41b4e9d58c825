import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { ruleNameOf } from '../model/index.ts';
import { publicUrl, type RunSettings } from '../plugin/src/config/index.ts';
import type { Arguments } from './arguments.ts';
import { runArtillery } from './artillery.ts';
import { checkSignIn } from './preflight.ts';
import { type Environment, type PreparedScenario, seatsOf } from './prepare.ts';
import { type ReferenceApi, startReferenceApi } from './reference-api.ts';
import { type Ending, endingOf, findVerdict } from './verdict.ts';

/** How a scenario ended, and the verdict file that this very run has left. */
export interface FinishedScenario extends Ending {
  readonly verdict?: { readonly path: string; readonly text: string };
}

export interface RaceOptions {
  /** The repository. */
  readonly root: string;
  readonly args: Arguments;
  readonly env: Environment;
  /** The command that repeats the run, without secrets. */
  readonly command: string;
  /** Ends the run; its reason is the name of the signal. */
  readonly signal: AbortSignal;
}

/**
 * Runs one scenario from its set-up to its verdict, with the bundled API around it where it needs that.
 *
 * @throws InputError where nobody is let in, or the API does not start
 */
export async function race(prepared: PreparedScenario, options: RaceOptions): Promise<FinishedScenario> {
  const { env, signal } = options;
  const api = prepared.ownApi ? await startApi(prepared, options) : undefined;
  try {
    const runEnv = api === undefined ? env : { ...env, ORDER_BASE_URL: api.url };
    const settings = prepared.settle(runEnv);
    await checkSignIn({
      config: prepared.config,
      scenarioFile: prepared.file,
      target: settings.target,
      contenders: settings.plan.contenders,
      env,
      signal,
    });
    signal.throwIfAborted();
    return await run(prepared, settings, { ...options, env: runEnv });
  } finally {
    await api?.stop();
  }
}

async function startApi(prepared: PreparedScenario, { root, args, signal }: RaceOptions): Promise<ReferenceApi> {
  const { store, lock } = args;
  // Flows are named after the rules that they are judged by.
  const flow = ruleNameOf(prepared.settings.plan);
  const api = await startReferenceApi({ root, seats: seatsOf(prepared), flow, store, lock, signal });
  if (!args.quiet) console.log(`Reference API at ${publicUrl(api.url)} (pid ${api.pid}, lock ${api.lock})`);
  return api;
}

/** Runs Artillery, and believes only the verdict that this very run has left. */
async function run(
  { scenario }: PreparedScenario,
  settings: RunSettings,
  { root, args, env, command, signal }: RaceOptions,
): Promise<FinishedScenario> {
  const runId = randomUUID();
  const outputDir = resolve(root, settings.outputDir);
  const childExit = await runArtillery({
    root,
    scenario: scenario.file,
    environment: args.environment,
    talk: args.verbose ? 'verbose' : args.quiet ? 'quiet' : 'normal',
    signal,
    env: {
      ...env,
      ARTILLERY_DISABLE_TELEMETRY: 'true',
      ORDER_RUN_ID: runId,
      ORDER_COMMAND: command,
      // In full where the user is elsewhere, so that the paths that are printed hold there.
      ...(process.cwd() !== root && { ORDER_OUTPUT_DIR: outputDir }),
      ...(process.stdout.isTTY && { ORDER_PROGRESS: '1' }),
    },
  });
  const verdict = await findVerdict(outputDir, runId);
  const ending = endingOf(childExit, verdict?.text);
  return { ...ending, ...(verdict && { verdict }) };
}
