import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  type EndRecord,
  EXIT_CODES,
  grantedTo,
  type History,
  historyVersionOf,
  type ReadBack,
  type RunRecord,
  readBackKeysOf,
  ruleOf,
  withOutcome,
} from '../../../../model/index.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { ConfigError, checkRaceLines, publicUrl, type RunSettings } from '../../config/index.ts';
import { followHistory, openHistory, readHistory } from '../../recording/index.ts';
import { conclude, fromHere, listOf } from '../../reporting/index.ts';
import { type ArtilleryScript, artilleryGlobal } from '../shared/artillery.ts';
import { askServer } from '../shared/ask-server.ts';
import { COUNTER, clockOf, headersChannel, type RunContext, shareRun } from '../shared/run-context.ts';
import { noticeOfEnvironment, settingsOf } from '../shared/settings.ts';
import { tlsOptionsOf } from '../shared/tls.ts';
import { hostMeeting } from './host-meeting.ts';
import { createOutputFiles } from './output-files.ts';
import { commandOf } from './repeat-command.ts';
import { openConsole } from './run-console.ts';

const POLL_MS = 100;
/** How long the launcher waits for its workers to write what they have. */
const WORKERS_MS = 2000;
/** A run that broke, as Artillery says it. */
const BROKEN = 1;

/**
 * The plugin in Artillery's launcher: it starts the history, shows what comes in, and at the end asks the server, judges,
 * writes the reports and sets the exit code.
 *
 * Bad input ends the process here, with one line for each problem, before anything was started or written.
 */
export function startLauncher(script: ArtilleryScript): { finish(): Promise<void> } {
  const notice = noticeOfEnvironment(script);
  const settings = orExit(() => settingsOf(script));
  if (notice !== undefined && !settings.console.quiet) process.stdout.write(`${notice}\n`);
  orExit(() => checkRaceLines(script, settings.plan));
  const startedAt = new Date();
  const dir = path.resolve(settings.outputDir);
  const files = orExit(
    () => createOutputFiles(dir, settings.outputName, settings.environment, startedAt),
    `the output folder ${dir} cannot be written`,
  );
  const runId = process.env.ORDER_RUN_ID ?? randomUUID();
  const run = shareRun(runId, files.history, settings.plan);
  const meeting = hostMeeting(run, settings);
  const history = openHistory(files.history);
  orExit(
    () => history.append([runRecord(runId, startedAt, script, settings)]),
    `the output folder ${dir} cannot be written`,
  );

  let rawHeaders: readonly string[] = [];
  const channel = headersChannel(run);
  channel.onmessage = (event) => {
    rawHeaders = (event as { readonly data: readonly string[] }).data;
  };
  channel.unref();

  const console = openConsole(settings, process.env);
  const follower = followHistory(files.history);
  const look = () => {
    console.spawned(run.counters[COUNTER.vus] ?? 0);
    console.show(follower.newRecords());
  };
  const timer = setInterval(look, POLL_MS).unref();

  let interrupted = false;
  artilleryGlobal()?.globalEvents.on('shutdown:start', (options) => {
    interrupted = options?.earlyStop === true;
  });

  let isConcluded = false;
  /** The end of the straight line: history → findings → report → files, console, exit code. */
  const end = (brokenBy: number): void => {
    isConcluded = true;
    clearInterval(timer);
    const lost = Atomics.load(run.counters, COUNTER.lostRecords);
    if (lost > 0)
      history.append([{ type: 'problem', message: 'attempts were lost: the history could not be written' }]);
    if (brokenBy !== 0)
      history.append([
        { type: 'problem', message: `Artillery ended the run itself, with its own exit code ${brokenBy}` },
      ]);
    history.append([endRecord(run, interrupted)]);
    look();
    const concluded = conclude(readHistory(files.history), files);
    const { report } = concluded;
    const written = listOf(files, files.history);
    // A folder that was given in full is shown in full: whoever gave it may be elsewhere.
    console.finish(concluded, path.isAbsolute(settings.outputDir) ? written : written.map(fromHere));
    setExitCode(report.exitCode);
    const { suggestedExitCode } = artilleryGlobal() ?? {};
    if (report.exitCode === EXIT_CODES.pass && suggestedExitCode !== undefined && suggestedExitCode !== EXIT_CODES.pass)
      print(
        `the verdict is pass, but Artillery will exit with ${suggestedExitCode}: something else in the suite failed`,
      );
  };
  /** @param brokenBy the exit code with which Artillery ends the process without a clean-up; 0 otherwise */
  const endOrBreak = (brokenBy: number): void => {
    try {
      end(brokenBy);
    } catch (error) {
      print(`no verdict: ${(error as Error).message} (${fromHere(files.history)})`);
      setExitCode(BROKEN);
    }
  };

  const askAfterwards = async (): Promise<ReadBack[]> => {
    if (settings.readBack === undefined) return [];
    const recorded = readHistory(files.history);
    return askServer({
      when: 'after',
      settings: settings.readBack,
      target: settings.target,
      keys: placesOf(recorded),
      leastUnits: (place) => leastUnitsOf(recorded, place),
      rawHeaders,
      tls: tlsOptionsOf(script),
      wire: settings.wire,
      now: clockOf(run),
    });
  };

  // Where Artillery ends the process without a clean-up (a worker crashed), what was seen is judged all the same.
  process.once('exit', (code) => {
    if (isConcluded) return;
    interrupted = true;
    endOrBreak(code);
    process.exitCode = code || artilleryGlobal()?.suggestedExitCode || EXIT_CODES.inconclusive;
  });

  return {
    async finish() {
      await workersClosed(run);
      meeting.close();
      try {
        look();
        if (!interrupted) history.append((await askAfterwards()).map((answer) => ({ type: 'read-back', ...answer })));
      } catch {
        // What was not asked is a doubt; a history that cannot be read or written is told of at the end.
      }
      endOrBreak(0);
      channel.close();
    },
  };
}

/** What the server is asked about: all that was planned; where a foreign suite names nothing, what was gone for. */
function placesOf({ run, attempts }: History): readonly string[] {
  if (run.plan.inventories.length > 0) return run.plan.inventories.flatMap(readBackKeysOf);
  return [...new Set(attempts.map((attempt) => attempt.inventory))];
}

/** What was there before the race, and what was acknowledged in it; if nothing was, somebody has won all the same. */
function leastUnitsOf({ run, attempts, readBacks }: History, place: string): number {
  if (ruleOf(run.plan).successes !== 'add up') return 0;
  const its = attempts.filter((attempt) => attempt.inventory === place);
  const before = readBacks.find((readBack) => readBack.when === 'before' && readBack.inventory === place);
  const wonUnits = withOutcome(its, 'ok').reduce((sum, attempt) => sum + grantedTo(attempt), 0);
  return (before?.kind === 'read' ? before.units : 0) + (its.length === 0 ? 0 : Math.max(1, wonUnits));
}

/** A worker writes what it has when it is told to stop; one that hangs is not waited for. */
async function workersClosed({ counters }: RunContext): Promise<void> {
  const deadline = performance.now() + WORKERS_MS;
  for (;;) {
    const open = Atomics.load(counters, COUNTER.openWorkers);
    const leftMs = deadline - performance.now();
    if (open <= 0 || leftMs <= 0) return;
    await Atomics.waitAsync(counters, COUNTER.openWorkers, open, leftMs).value;
  }
}

function runRecord(runId: string, startedAt: Date, script: ArtilleryScript, settings: RunSettings): RunRecord {
  const scenario = path.basename(script._scriptPath ?? 'script');
  return {
    type: 'run',
    version: historyVersionOf(settings.plan),
    runId,
    startedAt: startedAt.toISOString(),
    env: settings.environment,
    target: publicUrl(settings.target),
    scenario,
    label: settings.label,
    plan: settings.plan,
    config: settings.published,
    command: process.env.ORDER_COMMAND ?? commandOf(script),
    versions: {
      plugin: manifest.version,
      artillery: artilleryGlobal()?.version ?? 'unknown',
      node: process.versions.node,
    },
  };
}

const endRecord = (run: RunContext, interrupted: boolean): EndRecord => ({
  type: 'end',
  endedAt: new Date().toISOString(),
  atMs: clockOf(run)(),
  reason: interrupted ? 'interrupted' : 'completed',
});

/**
 * The last writer of Artillery's exit code wins, and the launcher's clean-up is last. A pass leaves a code alone that
 * another plugin has set: a failed expectation elsewhere in the suite stays one.
 */
function setExitCode(code: number): void {
  const artillery = artilleryGlobal();
  if (artillery !== undefined && code !== EXIT_CODES.pass) artillery.suggestedExitCode = code;
}

function orExit<T>(make: () => T, what?: string): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ConfigError) && what === undefined) throw error;
    const { message } = error as Error;
    print(what === undefined ? message : `${what}: ${message}`);
    process.exit(BROKEN);
  }
}

function print(message: string): void {
  for (const line of message.split('\n')) process.stderr.write(`Error: ${line}\n`);
}
