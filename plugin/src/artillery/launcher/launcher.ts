import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { functionsIn } from '../../config/index.ts';
import { fromHere } from '../../reporting/index.ts';
import type { ArtilleryScript } from '../shared/artillery.ts';
import { exitCodeHere } from '../shared/exit-code.ts';
import { whenParentIsGone } from '../shared/parent.ts';
import { refusalChannel } from '../shared/refusals.ts';
import { COUNTER, type RunContext } from '../shared/run-context.ts';
import { askAfterwards } from './ask-afterwards.ts';
import { refuseDeadTarget } from './dead-target.ts';
import { BAD_INPUT, BROKEN, orExit, printError } from './exit.ts';
import { type FollowedRun, followRun } from './follow-run.ts';
import { hostMeeting } from './host-meeting.ts';
import { type Ending, endHistory, judgeRun, type WatchedRun } from './judge-run.ts';
import { joinTeam, refuseOnAll } from './machines/index.ts';
import { decidePasses } from './next-pass.ts';
import { type PreparedRun, prepare } from './prepare.ts';
import { type Desk, openDesk } from './read-back-desk.ts';
import { type Repeats, repeatRounds } from './repeat/index.ts';
import { openConsole } from './run-console.ts';
import { refuseTooFew } from './too-few.ts';

/** How long the launcher waits for its workers to write their last records. */
const WORKERS_MS = 2000;
/** How long the server is asked who owns what, after somebody has stopped the run. */
const INTERRUPTED_READ_BACK_MS = 3000;

/**
 * The plugin in Artillery's launcher: prepare → run → judge → exit. Bad input ends the process here, with one line for
 * each problem.
 *
 * @returns `finish`, to be called once the workers have ended; it never rejects. The verdict comes when the process exits
 */
export function startLauncher(script: ArtilleryScript, scenarioName?: string): { finish(): Promise<void> } {
  const prepared = orExit(() => prepare(script, scenarioName));
  const { machines } = prepared;
  const meeting = hostMeeting(prepared.run, prepared.settings, machines);
  const team = machines && joinTeam(machines, prepared);
  const console = openConsole(prepared.settings, process.env);
  const followed = followRun(prepared, console);
  let isFinished = false;

  // Only now is Artillery's exit code final, whatever else is in the suite. It also comes here if a worker crashed.
  const exit = (exitCode: number): void => {
    const interruption = followed.interruption();
    const ending: Ending =
      interruption !== undefined
        ? { kind: 'interrupted', exitCode: interruption.exitCode }
        : { kind: isFinished ? 'completed' : 'broken', exitCode };
    process.exitCode = exitCodeHere(endRun(prepared, { followed, console, team, repeats }, ending));
    followed.close();
  };
  process.once('exit', exit);
  void followed.interrupted.then(() => team?.leave());
  whenParentIsGone(endSoon);
  const repeats = repeatRounds(prepared, followed, console.judged);
  if (repeats === undefined) void decidePasses(prepared, followed);
  let isRefused = false;
  const stop = (problem: string) => {
    if (isRefused) return;
    isRefused = true;
    process.off('exit', exit);
    console.clear();
    refuseRun(prepared, problem);
  };
  const refuse = (problem: string) => {
    refuseOnAll(machines, problem);
    stop(problem);
  };
  machines?.on('refused', ({ problem }, from) => from !== machines.machine && stop(problem));
  void refuseDeadTarget(prepared, refuse);
  void refuseTooFew(prepared, refuse);
  const desk = openDesk(prepared, followed, refuse, repeats);
  prepared.library.check().catch((error: Error) => refuse(error.message));
  const refusals = refusalChannel(prepared.run);
  refusals.unref();
  refusals.onmessage = ({ data }: { readonly data: unknown }) => refuse(String(data));

  return {
    async finish() {
      await workersClosed(prepared);
      await team?.allThrough();
      meeting.close();
      // On several machines, the first one asks for all.
      if (repeats !== undefined) await finishRepeats(repeats, followed);
      else if (machines === undefined || machines.isHost) await recordReadBacks(prepared, followed, desk);
      team?.asked();
      desk.close();
      refusals.close();
      isFinished = true;
    },
  };
}

/** How long an orphan may take to write its files. */
const ORPHAN_MS = 10_000;

/** Nobody is there any more who wants this race: ends it as a signal would, and then in any case. */
function endSoon(): void {
  // The pipes of the parent are gone too, and a broken pipe must not keep the run from being judged.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_MS);
}

/**
 * Ends the history, judges it and prints the verdict, unless somebody stopped the run before anything was released.
 *
 * @returns the exit code of the process
 */
function endRun(prepared: PreparedRun, watched: WatchedRun, ending: Ending): number {
  try {
    if (ending.kind === 'interrupted' && !hasReleased(prepared.run)) {
      endHistory(prepared, ending);
      watched.console.clear();
      printError('stopped before the first release: there is no verdict');
      return ending.exitCode;
    }
    if (ending.kind === 'broken' && ending.exitCode !== 0 && !hasStarted(prepared.run)) {
      discard(prepared);
      watched.console.clear();
      printError(
        "no virtual user could start: Artillery's error says why (config.processor, an engine, or the before section); nothing was booked",
      );
      return BAD_INPUT;
    }
    const { verdict, exitCode } = judgeRun(prepared, watched, ending);
    if (verdict === 'pass' && exitCode !== 0)
      printError(`the verdict is pass, but something else in the suite failed: exit code ${exitCode}`);
    return exitCode;
  } catch (error) {
    watched.console.clear();
    printError(`no verdict: ${(error as Error).message} (${fromHere(prepared.files.history)})`);
    return ending.exitCode || BROKEN;
  }
}

/** Ends the process because of bad input, before anybody was released. A run that did not begin leaves no history. */
function refuseRun(prepared: PreparedRun, problem: string): void {
  discard(prepared);
  printError(problem);
  process.exit(exitCodeHere(BAD_INPUT));
}

function discard({ files, history }: PreparedRun): void {
  history.close();
  fs.rmSync(files.history, { force: true });
}

const hasStarted = ({ counters }: RunContext): boolean => Atomics.load(counters, COUNTER.vus) > 0;
const hasReleased = ({ counters }: RunContext): boolean => Atomics.load(counters, COUNTER.released) > 0;

/**
 * Asks the server who owns what, and writes each answer down as it comes: an interruption ends the questions soon. A failed
 * read-back becomes a finding, and an error of the file system comes up again when the run is judged.
 */
async function recordReadBacks(prepared: PreparedRun, followed: FollowedRun, desk: Desk): Promise<void> {
  let isOver = false;
  try {
    followed.look();
    const asked = askAfterwards(prepared, {
      rawHeaders: followed.rawHeaders(),
      isInterrupted: followed.interruption() !== undefined,
      askedAtMs: desk.askedAtMs,
      told(answer) {
        if (!isOver) prepared.history.append([{ type: 'read-back', ...answer }]);
      },
    });
    const tooLong = followed.interrupted.then(() => sleep(INTERRUPTED_READ_BACK_MS, undefined, { ref: false }));
    await Promise.race([asked, tooLong]);
  } catch {}
  isOver = true;
}

/** The last visit is read back and judged, soon where somebody has stopped the run. */
async function finishRepeats(repeats: Repeats, followed: FollowedRun): Promise<void> {
  const tooLong = followed.interrupted.then(() => sleep(INTERRUPTED_READ_BACK_MS, undefined, { ref: false }));
  await Promise.race([repeats.finish().catch(() => {}), tooLong]);
  repeats.close();
}

/** A worker reads and writes its last records when it is told to stop; one that hangs is not waited for. */
async function workersClosed({ run: { counters }, settings }: PreparedRun): Promise<void> {
  // A function of the suite may take as long as an attempt.
  const readingMs = functionsIn(settings.outcome).length > 0 ? settings.attemptTimeoutMs : 0;
  const deadline = performance.now() + WORKERS_MS + readingMs;
  for (;;) {
    const open = Atomics.load(counters, COUNTER.openWorkers);
    const leftMs = deadline - performance.now();
    if (open <= 0 || leftMs <= 0) return;
    await Atomics.waitAsync(counters, COUNTER.openWorkers, open, leftMs).value;
  }
}
