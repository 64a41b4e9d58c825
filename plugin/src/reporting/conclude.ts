import type { History } from '../../../model/index.ts';
import { type Report, reportOf } from '../../../reports/index.ts';
import { judge } from '../judging/index.ts';
import { type ReportFiles, writeReports } from './report-files.ts';

/**
 * The end of the straight line: history → findings → report → files. A run at its end and the `judge` command both come
 * through here, and nothing but the history goes in: the same history gives the same bytes.
 *
 * @throws the error of the file system where a report cannot be written
 */
export function conclude(history: History, files: ReportFiles): Report {
  const report = reportOf(history, judge(history));
  writeReports(files, report);
  return report;
}
