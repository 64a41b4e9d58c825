import { type Finding, inWords, kindOf, wordsOf } from '../model/index.ts';
import { locationOf, raceName } from './names.ts';
import type { Report } from './report.ts';
import { printable } from './untrusted.ts';
import { VERDICT_WORDS } from './verdict-text.ts';

/** GitHub shows at most ten errors and ten warnings per step; ten lines in all are read. */
const LINES = 10;

const COMMANDS = { violation: 'error', doubt: 'warning' } as const satisfies Record<Finding['severity'], string>;
const VERDICTS = { pass: 'notice', fail: 'error', inconclusive: 'warning' } as const;

/**
 * The verdict and the findings as workflow commands of GitHub Actions, one per line and at most ten: first the verdict, then
 * `::error title=…::…` for each violation and `::warning …` for each doubt. If there are too many, the last line says how
 * many are left. A pass is a notice.
 */
export function annotationsOf(report: Report): readonly string[] {
  const { verdict, findings, headline } = report;
  const ordered = (['violation', 'doubt'] as const).flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  const shown = ordered.length > LINES - 1 ? ordered.slice(0, LINES - 2) : ordered;
  const left = ordered.slice(shown.length);
  const title = `${VERDICT_WORDS[verdict]}: ${raceName(report)} on ${report.env}`;
  return [
    lineOf(VERDICTS[verdict], title, headline),
    ...shown.map((finding) =>
      lineOf(
        COMMANDS[finding.severity],
        `${inWords(kindOf(finding).title, wordsOf(report))}, ${locationOf(finding, report)}`,
        finding.message,
      ),
    ),
    ...left
      .slice(0, 1)
      .map(({ severity }) => lineOf(COMMANDS[severity], `and ${left.length} more`, 'The report has all findings.')),
  ];
}

const lineOf = (command: string, title: string, message: string) =>
  `::${command} title=${inProperty(printable(title))}::${inMessage(printable(message, 500))}`;

/** Escapes what would end a command or begin another one; the runner decodes it. */
const inMessage = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const inProperty = (text: string) => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
