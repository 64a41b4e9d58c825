import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takenFromEnv } from '../plugin/src/reporting/index.ts';
import { parseArguments } from './arguments.ts';
import { check } from './check.ts';
import { type Env, type Invocation, variablesFrom } from './invocation.ts';
import { openFile } from './open.ts';
import { racePack } from './pack.ts';
import { preflight } from './preflight.ts';
import { type PreparedScenario, prepareAll } from './prepare.ts';
import { printError } from './print-error.ts';
import { type RaceOptions, race } from './race.ts';
import { forOneScenario, repeatCommand } from './repeat-command.ts';
import type { Scenario } from './scenario.ts';
import { ALL, chosenScenarios } from './scenarios.ts';
import { dotenvBeside } from './suite.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The command that books nothing. An environment of that name comes after an option, or after `--`. */
const CHECK = 'check';

/**
 * Runs the races that the command line asks for, or with the command `check` only checks them. Returns the exit code.
 *
 * @throws InputError for bad input, before anything is booked
 */
export async function run(argv: readonly string[], given: Env, signal: AbortSignal): Promise<number> {
  // Perhaps these are the variables of this process, to which the file .env adds more.
  const userEnv = { ...given };
  const isCheck = argv[0] === CHECK;
  const args = parseArguments(isCheck ? argv.slice(1) : argv);
  const scenarios = chosenScenarios(ROOT, args.scenario);
  const ownEnv = withDotenv(scenarios, userEnv);
  const taken = scenarios.flatMap(({ isBundled, folder, file }) =>
    isBundled ? [] : takenFromEnv(resolve(folder, file), userEnv),
  );
  const command = [...taken, repeatCommand(argv, userEnv, scriptFor(scenarios))].join(' ');
  // ORDER_COMMAND also tells the plugin that this script runs the suite.
  const env = { ...ownEnv, ...variablesFrom(args, ownEnv), ORDER_COMMAND: command };
  const invocation: Invocation = { root: ROOT, args, env, signal };
  const pack = await prepareAll(scenarios, invocation);
  const { prepared } = pack;
  if (isCheck) return check(pack, invocation);
  await preflight(prepared, invocation);

  const options: RaceOptions = { ...invocation, command };
  const commandOf = (name: string) => repeatCommand(forOneScenario(argv, name), userEnv);
  const [first] = prepared;
  const { exitCode, html } =
    args.scenario === ALL || first === undefined
      ? await racePack(pack, options, commandOf)
      : await raceOne(first, options);
  if (args.open && html !== undefined) await openFile(html);
  return exitCode;
}

/** The file .env beside a suite of the user's own. Variables that are set already win; a suite that is a program reads them too. */
function withDotenv([scenario]: readonly Scenario[], userEnv: Env): Env {
  if (scenario === undefined) return userEnv;
  const dotenv = dotenvBeside(scenario);
  for (const [name, value] of Object.entries(dotenv)) process.env[name] ??= value;
  return { ...dotenv, ...userEnv };
}

/** A suite of the user's own is named from where the user stands, so the script is too. */
const scriptFor = (scenarios: readonly Scenario[]): string | undefined =>
  scenarios.every(({ isBundled }) => isBundled)
    ? undefined
    : relative(process.cwd(), join(ROOT, 'run-order-race-test.sh'));

async function raceOne(prepared: PreparedScenario, options: RaceOptions): Promise<{ exitCode: number; html?: string }> {
  const { exitCode, problem, verdict } = await race(prepared, options);
  const { aborted, reason } = options.signal;
  // The summary of a run with a verdict says so.
  if (aborted && verdict === undefined) console.error(`Interrupted (${reason}).`);
  // A run that is stopped before the first release has no verdict, and Artillery has said so.
  if (problem !== undefined && !(aborted && verdict === undefined)) printError(problem);
  return { exitCode, ...(verdict && { html: verdict.path.replace(/\.verdict\.json$/, '.html') }) };
}
