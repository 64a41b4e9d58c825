import { makeStyle, type Report, renderSummary, type Style } from '../../../reports/index.ts';

const MAX_COLUMNS = 120;
/** How many findings a quiet summary names. */
const MAX_REASONS = 3;

/** How to print on this process's stdout: in colour on a terminal, and plain in a pipe or with NO_COLOR. */
export function styleOf(env: NodeJS.ProcessEnv): Style {
  const { stdout } = process;
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  return makeStyle({
    colour: !env.NO_COLOR && (forced || (stdout.isTTY === true && env.TERM !== 'dumb')),
    unicode: env.TERM !== 'linux' && env.TERM !== 'dumb' && env.ORDER_ASCII === undefined && isUtf8(env),
    columns: Math.min(MAX_COLUMNS, stdout.columns ?? 80),
    wraps: stdout.isTTY === true,
  });
}

/** A locale that is said, and is not UTF-8, is taken at its word; CI servers often say none, and their logs are UTF-8. */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return !locale || /utf-?8/i.test(locale);
}

/** What is printed last; `quiet`: only the verdict, its first reasons and where the report is. */
export function closingSummary(report: Report, style: Style, files: readonly string[], quiet: boolean): string {
  if (!quiet) return `\n${renderSummary(report, style, files)}`;
  const paint = { pass: style.good, fail: style.bad, inconclusive: style.unsure }[report.verdict];
  const reasons = report.findings.slice(0, MAX_REASONS).map((finding) => `  ${style.text(finding.message)}`);
  return [paint(report.verdict.toUpperCase()), ...reasons, ...files.slice(0, 1)].join('\n');
}
