export { closingSummary, styleOf } from './closing-summary.ts';
export { conclude } from './conclude.ts';
export { tellGithub } from './github.ts';
export { makeFolder } from './make-folder.ts';
export { fromHere, listOf, type ReportFiles, reportFilesAt } from './report-files.ts';
export { shellQuote } from './shell-quote.ts';
export { verdictSchema } from './verdict-schema.ts';
