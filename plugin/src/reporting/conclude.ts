import { type History, racedIn } from '../../../model/index.ts';
import { RENDERERS, type Report, reportOf, verdictFileOf } from '../../../reports/index.ts';
import { judgementOf, remarksOf, settled } from '../judging/index.ts';
import { lastRunBeside } from './last-run.ts';
import { foldedRun, type LongRun } from './long-run.ts';
import { type ReportFiles, writeReports } from './report-files.ts';

/** A history that was judged. */
export interface Concluded {
  readonly report: Report;
  /** A line for each file that could not be written. */
  readonly warnings: readonly string[];
}

/**
 * Judges a history and writes its verdict and reports. The end of a run and the `judge` command both call this with
 * nothing but the history, so the same history gives the same bytes, beside the same earlier runs.
 *
 * @param recorded a long run is read visit by visit, and only what matters of it is kept
 * @param base the path of the run's files without the ending; the last run is looked up beside them. Default: where the
 * reports are written
 */
export function conclude(
  recorded: History | LongRun,
  files: ReportFiles,
  base = files.verdict.replace(/\.verdict\.json$/, ''),
): Concluded {
  const { history, sums } = 'frame' in recorded ? foldedRun(recorded) : { history: settled(recorded), sums: [] };
  const raced = racedIn(history);
  const { findings, controls, evidence } = judgementOf(history, undefined, raced);
  const judged = reportOf(history, findings, { ...remarksOf(history, { evidence, raced }), controls }, sums, raced);
  const lastRun = lastRunBeside(base, judged);
  const report = lastRun === undefined ? judged : { ...judged, lastRun };
  return { report, warnings: writeReports({ files, verdict: verdictFileOf(report), report, renderers: RENDERERS }) };
}
