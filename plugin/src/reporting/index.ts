export { closingSummary, styleOf } from './closing-summary.ts';
export { conclude } from './conclude.ts';
export { tellGithub } from './github.ts';
export { makeFolder } from './make-folder.ts';
export { fromHere, listOf, type ReportFiles, reportFilesAt, writeAll } from './report-files.ts';
export { claimRunName, unusedReportFiles } from './run-name.ts';
export { shellQuote } from './shell-quote.ts';
export { verdictSchema } from './verdict-schema.ts';
