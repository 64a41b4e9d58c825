import fs from 'node:fs';
import path from 'node:path';
import type { EndRecord, HistoryRecord, RepeatEnd } from '../../../../model/index.ts';
import type { Report } from '../../../../reports/index.ts';
import { readHistory, readLongHistory } from '../../recording/index.ts';
import { conclude, fromHere, listOf, warningOf } from '../../reporting/index.ts';
import { COUNTER, clockOf, type RunContext } from '../shared/run-context.ts';
import { printError } from './exit.ts';
import type { FollowedRun } from './follow-run.ts';
import type { Team } from './machines/index.ts';
import type { OutputFiles } from './output-files.ts';
import type { PreparedRun } from './prepare.ts';
import type { Repeats } from './repeat/index.ts';
import type { RunConsole } from './run-console.ts';

/** How the race ended, and the exit code that Artillery has for it. */
export interface Ending {
  /**
   * `completed`: other parts of the suite may have failed all the same. `interrupted`: somebody stopped it. `broken`:
   * Artillery ends the process at once, without a clean-up, because a worker crashed.
   */
  readonly kind: 'completed' | 'interrupted' | 'broken';
  readonly exitCode: number;
}

/** What watches a run while it goes on. */
export interface WatchedRun {
  readonly followed: FollowedRun;
  readonly console: RunConsole;
  /** Undefined where this is the only machine. */
  readonly team: Team | undefined;
  /** Undefined where rounds do not repeat. */
  readonly repeats: Pick<Repeats, 'end'> | undefined;
}

/**
 * Ends the history, judges it, writes the reports and shows the verdict. Nothing but the history goes into a report.
 *
 * @throws the error of the file system, and HistoryError, where the history cannot be read; then there is no verdict
 */
export function judgeRun(
  prepared: PreparedRun,
  { followed, console, team, repeats }: WatchedRun,
  ending: Ending,
): Report {
  const { files } = prepared;
  try {
    endHistory(prepared, ending, repeats?.end());
  } catch (error) {
    // Without its end, the history is incomplete, and so is the verdict on it.
    printError(`the history could not be written to its end: ${(error as Error).message}`);
  }
  followed.look();
  const concluded = conclude(team?.history() ?? readLongHistory(files.history) ?? readHistory(files.history), files);
  const warnings = [...concluded.warnings, ...tellScript(files)];
  console.finish({ ...concluded, warnings }, filesToShow(prepared));
  return concluded.report;
}

/**
 * The script believes only the verdict that this very run names here: the folder may hold those of other runs. A race that
 * the suite itself has started knows the same note, so what it wrote is replaced.
 *
 * @returns a warning if that failed
 */
function tellScript({ verdict }: OutputFiles, note = process.env.ORDER_VERDICT_NOTE): readonly string[] {
  return note ? warningOf('the note for the script', () => fs.writeFileSync(note, verdict)) : [];
}

/** @throws the error of the file system */
export const endHistory = ({ history, run }: PreparedRun, ending: Ending, repeated?: RepeatEnd): void =>
  history.append(lastRecords(run, ending, repeated));

/** The paths of the files. If the output folder was given in full, so are they: the reader may be in another folder. */
function filesToShow({ settings, files }: PreparedRun): readonly string[] {
  const written = listOf(files, files.history);
  return path.isAbsolute(settings.outputDir) ? written : written.map(fromHere);
}

function lastRecords(run: RunContext, ending: Ending, repeated: RepeatEnd | undefined): HistoryRecord[] {
  const problems: string[] = [];
  if (Atomics.load(run.counters, COUNTER.lostRecords) > 0)
    problems.push('attempts were lost: the history could not be written');
  if (ending.kind === 'broken' && ending.exitCode !== 0)
    problems.push(`Artillery ended the run early, with exit code ${ending.exitCode}`);
  return [
    ...problems.map((message) => ({ type: 'problem', reason: message }) as const),
    endRecord(run, ending, repeated),
  ];
}

const endRecord = (run: RunContext, ending: Ending, repeated: RepeatEnd | undefined): EndRecord => ({
  type: 'end',
  endedAt: new Date().toISOString(),
  atMs: clockOf(run)(),
  reason: ending.kind === 'completed' ? 'completed' : 'interrupted',
  ...(repeated !== undefined && { repeated }),
  ...(ending.kind === 'completed' && ending.exitCode !== 0 && { exitCode: ending.exitCode }),
});
