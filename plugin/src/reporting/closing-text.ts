import { renderBrief, renderSummary, type Style } from '../../../reports/index.ts';
import type { Concluded } from './conclude.ts';
import { warningOf } from './warning.ts';

/**
 * What is printed last: the whole summary, or when `quiet` only the verdict, its first reasons and where the report is;
 * then the warnings. A summary that throws becomes a warning, and the verdict is printed all the same.
 */
export function closingText(
  { report, warnings }: Concluded,
  style: Style,
  files: readonly string[],
  quiet: boolean,
): string {
  // What is left if even the short form throws.
  let text = `${report.verdict.toUpperCase()} (exit code ${report.exitCode})`;
  const failed = warningOf('the summary', () => {
    text = renderBrief(report, style, files);
    if (!quiet) text = `\n${renderSummary(report, style, files)}`;
  });
  return [text, ...failed, ...warnings].join('\n');
}
