import { type Finding, inWords, kindOf, type Verdict, wordsOf } from '../model/index.ts';
import { locationOf, raceName } from './names.ts';
import type { Report } from './report.ts';
import { printable } from './untrusted.ts';
import { VERDICT_WORDS } from './verdict-text.ts';

/** GitHub shows at most ten errors and ten warnings per step; ten lines in all are read. */
export const MAX_ANNOTATIONS = 10;

const KINDS = { violation: 'fail', doubt: 'inconclusive' } as const satisfies Record<Finding['severity'], Verdict>;
const COMMANDS = { pass: 'notice', fail: 'error', inconclusive: 'warning' } as const satisfies Record<Verdict, string>;

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
  const shown = ordered.length > MAX_ANNOTATIONS - 1 ? ordered.slice(0, MAX_ANNOTATIONS - 2) : ordered;
  const left = ordered.slice(shown.length);
  const title = `${VERDICT_WORDS[verdict]}: ${raceName(report)} on ${report.env}`;
  return [
    annotationLine(verdict, title, headline),
    ...shown.map((finding) =>
      annotationLine(
        KINDS[finding.severity],
        `${inWords(kindOf(finding).title, wordsOf(report))}, ${locationOf(finding, report)}`,
        finding.message,
      ),
    ),
    ...left
      .slice(0, 1)
      .map(({ severity }) =>
        annotationLine(KINDS[severity], `and ${left.length} more`, 'The report has all findings.'),
      ),
  ];
}

/** A workflow command: an error where something failed, a warning where it is in doubt, a notice of a pass. */
export const annotationLine = (kind: Verdict, title: string, message: string): string =>
  `::${COMMANDS[kind]} title=${inProperty(printable(title))}::${inMessage(printable(message, 500))}`;

/** Escapes what would end a command or begin another one; the runner decodes it. */
const inMessage = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const inProperty = (text: string) => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
