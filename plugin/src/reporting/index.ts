export { closingText } from './closing-text.ts';
export { type Concluded, conclude } from './conclude.ts';
export { tellGithub } from './github.ts';
export { makeFolder } from './make-folder.ts';
export { fromHere, listOf, type ReportFiles, reportFilesAt, writeReports } from './report-files.ts';
export { claimRunName, unusedReportFiles } from './run-name.ts';
export { shellQuote } from './shell-quote.ts';
export { styleOf } from './style.ts';
export { parseVerdict } from './verdict-file.ts';
