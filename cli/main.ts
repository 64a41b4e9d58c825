import { constants } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, UnknownEnvironment } from '../plugin/src/config/index.ts';
import { demoSeats } from '../reference-api/demo.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { commandLine, forOneScenario } from './command.ts';
import { confirmRun } from './confirm.ts';
import { InputError } from './input-error.ts';
import { openFile } from './open.ts';
import { racePack } from './pack.ts';
import { checkOutputFolder, checkReachable } from './preflight.ts';
import { type Environment, type PreparedScenario, prepare } from './prepare.ts';
import { type RaceOptions, race } from './race.ts';
import { ALL, chosenScenarios, type Scenario } from './scenarios.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

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
  const scenarios = chosenScenarios(ROOT, args.scenario);
  const prepared = await prepareAll(scenarios, args, env);
  await preflight(prepared, args, env);

  const { signal } = interruption;
  const options: RaceOptions = { root: ROOT, args, env, command: commandLine(argv, userEnv), signal };
  const [first] = prepared;
  if (args.scenario === ALL || first === undefined) {
    const commandOf = (name: string) => commandLine(forOneScenario(argv, name), userEnv);
    const { exitCode, html } = await racePack(prepared, options, commandOf);
    return await end(exitCode, args, html);
  }
  const { exitCode, problem, verdict } = await race(first, options);
  if (interruption.signal.aborted) console.error(`Interrupted (${interruption.signal.reason}).`);
  if (problem !== undefined) console.error(`Error: ${problem}`);
  return await end(exitCode, args, verdict?.path.replace(/\.verdict\.json$/, '.html'));
}

async function prepareAll(
  scenarios: readonly Scenario[],
  args: Arguments,
  env: Environment,
): Promise<PreparedScenario[]> {
  const prepared: PreparedScenario[] = [];
  const strangers: UnknownEnvironment[] = [];
  for (const scenario of scenarios) {
    try {
      prepared.push(await prepare(ROOT, scenario, args, env));
    } catch (error) {
      if (scenarios.length === 1 || !(error instanceof ConfigError)) throw error;
      const message = error.message.replace(/^/gm, `${scenario.name}: `);
      if (!(error instanceof UnknownEnvironment)) throw new InputError(message);
      strangers.push(new UnknownEnvironment(message));
    }
  }
  const [first] = strangers;
  if (prepared.length === 0 && first !== undefined) throw first;
  // A scenario of one's own may be for one environment only. That it was left out is said however quiet the run is.
  for (const { message } of strangers) console.error(`Left out: ${message}`);
  return prepared;
}

/** Everything that can be found out before anything is started. */
async function preflight(prepared: readonly PreparedScenario[], args: Arguments, env: Environment): Promise<void> {
  const foreign = Map.groupBy(
    prepared.filter(({ ownApi }) => !ownApi),
    ({ settings }) => settings.target,
  );
  for (const [target, [first]] of foreign) {
    const its = { target, environment: args.environment, tls: first?.config.tls, scenarioFile: first?.file ?? '' };
    await checkReachable(its, interruption.signal);
  }
  const folders = prepared.map(({ settings }) => resolve(ROOT, settings.outputDir));
  for (const folder of new Set(folders)) await checkOutputFolder(folder);
  const runs = prepared.map(({ settings }) => settings).filter(({ confirm }) => confirm);
  const terminal = process.stdin.isTTY === true;
  if (runs.length > 0) await confirmRun(runs, { yes: args.yes, ci: env.CI, terminal }, interruption.signal);
}

/** A race that was broken off is no pass, whatever it saw until then. */
async function end(exitCode: number, args: Arguments, html: string | undefined): Promise<number> {
  if (args.open && html !== undefined) await openFile(html);
  return exitCode === 0 && interruption.signal.aborted ? codeOfInterruption() : exitCode;
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

function codeOfInterruption(): number {
  const name: NodeJS.Signals = interruption.signal.reason;
  return 128 + constants.signals[name];
}
