import { renderBrief, renderScreen, renderSummary, type ScreenOptions, type Style } from '../../../reports/index.ts';
import type { Concluded } from './conclude.ts';
import { warningOf } from './warning.ts';

/** How much is printed at the end. */
export interface Closing extends ScreenOptions {
  /** `quiet`: the verdict alone. `screen`: what fits one screen. `full`: everything. */
  readonly detail: 'quiet' | 'screen' | 'full';
}

/** `--quiet` prints no more than this. */
const QUIET_LINES = 8;

/**
 * What is printed last. Warnings come first, and the verdict is in the last six lines. A summary that throws becomes a
 * warning, and the verdict is printed all the same.
 *
 * @param before lines to print first, such as annotations of GitHub
 */
export function closingText(
  { report, warnings }: Concluded,
  style: Style,
  { detail, files = [], ...options }: Closing,
  before: readonly string[] = [],
): string {
  // What is left if even the short form throws.
  let text = `${report.verdict.toUpperCase()} (exit code ${report.exitCode})`;
  const first = [...before, ...warnings];
  const failed = warningOf('the summary', () => {
    text = renderBrief(report, style, files);
    if (detail === 'full') text = `\n${renderSummary(report, style, files)}`;
    if (detail === 'screen') text = `\n${renderScreen(report, style, { ...options, files, ...room(options, first) })}`;
  });
  const lines = [...first, ...failed];
  const shown = detail === 'quiet' ? lines.slice(0, Math.max(0, QUIET_LINES - text.split('\n').length)) : lines;
  return [...shown, text].join('\n');
}

/** A blank line comes before the summary. */
const room = ({ lines }: ScreenOptions, first: readonly string[]) =>
  lines === undefined ? {} : { lines: lines - first.length - 1 };
