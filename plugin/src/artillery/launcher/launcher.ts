import { EXIT_CODES } from '../../../../model/index.ts';
import { fromHere } from '../../reporting/index.ts';
import { type ArtilleryScript, artilleryGlobal } from '../shared/artillery.ts';
import { COUNTER, type RunContext } from '../shared/run-context.ts';
import { askAfterwards } from './ask-afterwards.ts';
import { exitByVerdict, exitWithoutVerdict, orExit } from './exit.ts';
import { type FollowedRun, followRun } from './follow-run.ts';
import { hostMeeting } from './host-meeting.ts';
import { type Ending, judgeRun } from './judge-run.ts';
import { type PreparedRun, prepare } from './prepare.ts';
import { openConsole } from './run-console.ts';

/** How long the launcher waits for its workers to write their last records. */
const WORKERS_MS = 2000;

/**
 * The plugin in Artillery's launcher: prepare → run → judge → exit. Bad input ends the process here, with one line for
 * each problem.
 *
 * @returns `finish`, to be called once the workers have ended; it never rejects
 */
export function startLauncher(script: ArtilleryScript): { finish(): Promise<void> } {
  const prepared = orExit(() => prepare(script));
  const meeting = hostMeeting(prepared.run, prepared.settings);
  const console = openConsole(prepared.settings, process.env);
  const followed = followRun(prepared, console);
  let isOver = false;

  const end = (ending: Ending): void => {
    isOver = true;
    try {
      exitByVerdict(judgeRun(prepared, followed, console, ending).exitCode);
    } catch (error) {
      exitWithoutVerdict(`${(error as Error).message} (${fromHere(prepared.files.history)})`);
    }
  };

  // If Artillery ends the process without a clean-up, because a worker crashed, there is still a history to judge.
  process.once('exit', (exitCode) => {
    if (isOver) return;
    end({ kind: 'broken', exitCode });
    process.exitCode = exitCode || artilleryGlobal()?.suggestedExitCode || EXIT_CODES.inconclusive;
  });

  return {
    async finish() {
      await workersClosed(prepared.run);
      meeting.close();
      await recordReadBack(prepared, followed);
      end({ kind: followed.isInterrupted() ? 'interrupted' : 'completed' });
      followed.close();
    },
  };
}

/** A read-back that fails here becomes a finding, and an error of the file system comes up again when the run is judged. */
async function recordReadBack(prepared: PreparedRun, followed: FollowedRun): Promise<void> {
  try {
    followed.look();
    if (followed.isInterrupted()) return;
    const answers = await askAfterwards(prepared, followed.rawHeaders());
    prepared.history.append(answers.map((answer) => ({ type: 'read-back', ...answer })));
  } catch {}
}

/** A worker writes its last records when it is told to stop; one that hangs is not waited for. */
async function workersClosed({ counters }: RunContext): Promise<void> {
  const deadline = performance.now() + WORKERS_MS;
  for (;;) {
    const open = Atomics.load(counters, COUNTER.openWorkers);
    const leftMs = deadline - performance.now();
    if (open <= 0 || leftMs <= 0) return;
    await Atomics.waitAsync(counters, COUNTER.openWorkers, open, leftMs).value;
  }
}
