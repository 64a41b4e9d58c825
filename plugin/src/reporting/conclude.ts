import type { History } from '../../../model/index.ts';
import { RENDERERS, type Report, reportOf, verdictFileOf } from '../../../reports/index.ts';
import { judgementOf, remarksOf, settled } from '../judging/index.ts';
import { type ReportFiles, writeReports } from './report-files.ts';

/** A history that was judged. */
export interface Concluded {
  readonly report: Report;
  /** A line for each file that could not be written. */
  readonly warnings: readonly string[];
}

/**
 * Judges a history and writes its verdict and reports. The end of a run and the `judge` command both call this with
 * nothing but the history, so the same history gives the same bytes.
 */
export function conclude(recorded: History, files: ReportFiles): Concluded {
  const history = settled(recorded);
  const { findings, controls } = judgementOf(history);
  const report = reportOf(history, findings, { ...remarksOf(history), controls });
  return { report, warnings: writeReports({ files, verdict: verdictFileOf(report), report, renderers: RENDERERS }) };
}
