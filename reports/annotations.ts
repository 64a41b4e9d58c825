import { type Finding, inWords, kindOf, wordsOf } from '../model/index.ts';
import { locationOf } from './names.ts';
import type { Report } from './report.ts';
import { printable } from './untrusted.ts';

/** GitHub shows at most ten errors and ten warnings per step. */
const SHOWN = 10;

const COMMANDS = { violation: 'error', doubt: 'warning' } as const satisfies Record<Finding['severity'], string>;

/**
 * The findings as workflow commands of GitHub Actions, one per line: `::error title=…::…` for a violation, `::warning …` for
 * a doubt. If there are too many, the last line says how many are left. A pass has no findings, so it has no lines.
 */
export function annotationsOf(report: Report): readonly string[] {
  return (['violation', 'doubt'] as const).flatMap((severity) => {
    const findings = report.findings.filter((finding) => finding.severity === severity);
    const shown = findings.length > SHOWN ? findings.slice(0, SHOWN - 1) : findings;
    const left = findings.length - shown.length;
    return [
      ...shown.map((finding) =>
        commandOf(
          finding,
          `${inWords(kindOf(finding).title, wordsOf(report))}, ${locationOf(finding, report)}`,
          finding.message,
        ),
      ),
      ...(left === 0 ? [] : [`::${COMMANDS[severity]} title=and ${left} more::${inMessage(report.headline)}`]),
    ];
  });
}

const commandOf = ({ severity }: Finding, title: string, message: string) =>
  `::${COMMANDS[severity]} title=${inProperty(printable(title))}::${inMessage(printable(message, 500))}`;

/** Escapes what would end a command or begin another one; the runner decodes it. */
const inMessage = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const inProperty = (text: string) => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
