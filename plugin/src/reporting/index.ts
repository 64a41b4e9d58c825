export { closingSummary, styleOf } from './closing-summary.ts';
export { conclude } from './conclude.ts';
export { fromHere, listOf, type ReportFiles, reportFilesAt } from './report-files.ts';
