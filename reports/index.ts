export type { VerdictFile } from '../model/index.ts';
export { annotationsOf } from './annotations.ts';
export { compareRuns } from './compare.ts';
export { renderComparison } from './console/comparison.ts';
export { rowsTaken } from './console/layout.ts';
export { spawnedLine } from './console/lines.ts';
export { createProgressFollower, progressLine } from './console/progress.ts';
export { createRoundPrinter, type RoundPrinterOptions } from './console/rounds.ts';
export { renderScreen, SCREEN_LINES, type ScreenOptions } from './console/screen.ts';
export { makeStyle, type Style } from './console/style.ts';
export { renderBrief, renderSummary } from './console/summary.ts';
export { renderHtml } from './html/render.ts';
export { renderJunit } from './junit.ts';
export { lastRunText } from './last-run.ts';
export { renderMarkdown } from './markdown.ts';
export { packAnnotationsOf } from './pack/annotations.ts';
export { renderPackSummary } from './pack/console.ts';
export { renderPackHtml } from './pack/html.ts';
export { renderPackJunit } from './pack/junit.ts';
export { renderPackMarkdown } from './pack/markdown.ts';
export {
  type LeftOut,
  type PackVerdictFile,
  packOf,
  type ScenarioEnding,
  type ScenarioRun,
} from './pack/pack.ts';
export { PACK_RENDERERS, RENDERERS, type Renderer } from './renderers.ts';
export { type Report, reportOf, verdictFileOf } from './report.ts';
export { addedUp, type RoundSums, sumsOf } from './round-sums.ts';
export { errorLines, printable } from './untrusted.ts';
