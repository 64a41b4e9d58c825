import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, isMapping, publicUrl, type RunSettings, resolveRun } from '../plugin/src/config/index.ts';
import { demoSeats } from '../reference-api/demo.ts';
import { type Arguments, DEMO, parseArguments } from './arguments.ts';
import { runArtillery } from './artillery.ts';
import { commandLine } from './command.ts';
import { confirmRun } from './confirm.ts';
import { InputError } from './input-error.ts';
import { openFile } from './open.ts';
import { checkOutputFolder, checkReachable, checkSignIn } from './preflight.ts';
import { type ReferenceApi, startReferenceApi } from './reference-api.ts';
import { loadConfig, type RawConfig } from './scenario.ts';
import { chosenScenarios, type Scenario } from './scenarios.ts';
import { endingOf, findVerdict } from './verdict.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Stands for the address of the bundled API while the set-up is checked: nothing is started for bad input. */
const NOT_YET_KNOWN = 'http://127.0.0.1:9';

const interruption = new AbortController();
// Ctrl-C, a terminal that closes, an ordinary kill: each ends the race in order, and only then this process.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort(name));

try {
  process.exitCode = await main(process.argv.slice(2), process.env);
} catch (error) {
  if (interruption.signal.aborted) {
    console.error(`Interrupted (${interruption.signal.reason}).`);
    process.exitCode = codeOfInterruption();
  } else if (error instanceof InputError || error instanceof ConfigError) {
    for (const problem of error.message.split('\n')) console.error(`Error: ${problem}`);
    process.exitCode = 2;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}

/** The whole command: from the arguments to the exit code. */
async function main(argv: readonly string[], userEnv: Environment): Promise<number> {
  const args = parseArguments(argv);
  const env = { ...userEnv, ...overridesOf(args, userEnv) };
  const [scenario] = chosenScenarios(ROOT, args.scenario);
  if (scenario === undefined) throw new InputError('there is no scenario');
  const scenarioFile = join(ROOT, scenario.file);
  const config = await loadConfig({ file: scenarioFile, environment: args.environment, env });
  const settle = (its: Environment) => resolveRun({ config, environment: args.environment, env: its });

  const ownApi = args.environment === DEMO && !env.ORDER_BASE_URL;
  const settings = settle(ownApi ? { ...env, ORDER_BASE_URL: NOT_YET_KNOWN } : env);
  if (!ownApi) await checkReachable(settings.target, args.environment, interruption.signal);
  await checkOutputFolder(resolve(ROOT, settings.outputDir));
  if (settings.confirm) {
    const terminal = process.stdin.isTTY === true;
    await confirmRun(settings, { yes: args.yes, ci: env.CI, terminal }, interruption.signal);
  }

  const api = ownApi ? await startApi(args, config, settings) : undefined;
  try {
    const runEnv = api === undefined ? env : { ...env, ORDER_BASE_URL: api.url };
    const run = settle(runEnv);
    await checkSignIn({
      config,
      scenarioFile,
      target: run.target,
      contenders: run.plan.contenders,
      env,
      signal: interruption.signal,
    });
    interruption.signal.throwIfAborted();
    return await race(args, scenario, run, { ...runEnv, ORDER_COMMAND: commandLine(argv, userEnv) });
  } finally {
    await api?.stop();
  }
}

/** Environment variables that follow from the arguments. */
function overridesOf(args: Arguments, env: Environment): Environment {
  const { ORDER_SEAT_IDS: seatIds, ORDER_BASE_URL: baseUrl, ORDER_OUTPUT_DIR: outputDir } = env;
  if (args.seatCount !== undefined && seatIds)
    throw new InputError('--seat-count and ORDER_SEAT_IDS exclude each other');
  const ownOption = (['store', 'lock'] as const).find((option) => args[option] !== undefined);
  if (ownOption !== undefined && baseUrl) {
    throw new InputError(`--${ownOption} is for the bundled API, which is not started when ORDER_BASE_URL is set`);
  }
  return {
    ...(args.seatCount !== undefined && { ORDER_SEAT_IDS: demoSeats(args.seatCount).join(',') }),
    // As seen from where the user stands; Artillery runs elsewhere.
    ...(outputDir && { ORDER_OUTPUT_DIR: resolve(outputDir) }),
    ...(args.allFailures && { ORDER_ALL_FAILURES: '1' }),
    ...(args.quiet && { ORDER_QUIET: '1' }),
  };
}

async function startApi(args: Arguments, config: RawConfig, settings: RunSettings): Promise<ReferenceApi> {
  const seats = seatsOf(config, settings);
  const { store, lock } = args;
  const api = await startReferenceApi({ root: ROOT, seats, store, lock, signal: interruption.signal });
  if (!args.quiet) console.log(`Reference API at ${publicUrl(api.url)} (pid ${api.pid}, lock ${api.lock})`);
  return api;
}

/** The seats that the bundled API is to have: a scenario may be about something else, and need them all the same. */
function seatsOf({ variables }: RawConfig, settings: RunSettings): readonly string[] {
  const seats = settings.variables.seats ?? (isMapping(variables) ? variables.seats : undefined);
  if (Array.isArray(seats) && seats.length > 0) return seats.map(String);
  return settings.plan.inventories.map((inventory) => inventory.key);
}

/** Runs Artillery, and believes only the verdict that this very run has left. */
async function race(args: Arguments, scenario: Scenario, run: RunSettings, env: Environment): Promise<number> {
  const runId = randomUUID();
  const outputDir = resolve(ROOT, run.outputDir);
  const childExit = await runArtillery({
    root: ROOT,
    scenario: scenario.file,
    environment: args.environment,
    talk: args.verbose ? 'verbose' : args.quiet ? 'quiet' : 'normal',
    signal: interruption.signal,
    env: {
      ...env,
      ARTILLERY_DISABLE_TELEMETRY: 'true',
      ORDER_RUN_ID: runId,
      // In full where the user is elsewhere, so that the paths that are printed hold there.
      ...(process.cwd() !== ROOT && { ORDER_OUTPUT_DIR: outputDir }),
      ...(process.stdout.isTTY && { ORDER_PROGRESS: '1' }),
    },
  });
  const verdict = await findVerdict(outputDir, runId);
  const { exitCode, problem } = endingOf(childExit, verdict?.text);
  if (interruption.signal.aborted) console.error(`Interrupted (${interruption.signal.reason}).`);
  if (problem !== undefined) console.error(`Error: ${problem}`);
  if (args.open && verdict !== undefined) await openFile(verdict.path.replace(/\.verdict\.json$/, '.html'));
  // A race that was broken off is no pass, whatever it saw until then.
  return exitCode === 0 && interruption.signal.aborted ? codeOfInterruption() : exitCode;
}

function codeOfInterruption(): number {
  const name: NodeJS.Signals = interruption.signal.reason;
  return 128 + constants.signals[name];
}
