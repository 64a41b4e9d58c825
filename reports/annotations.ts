import { type Finding, kindOf } from '../model/index.ts';
import type { Report } from './model.ts';
import { printable } from './untrusted.ts';
import { placeOf, verdictSentence } from './wording.ts';

/** GitHub shows no more than ten of a kind for a step. */
const SHOWN = 10;

const COMMANDS = { violation: 'error', doubt: 'warning' } as const satisfies Record<Finding['severity'], string>;

/**
 * The findings as workflow commands of GitHub Actions, one a line: `::error title=…::…` for a violation, `::warning …` for
 * a doubt. A pass has none. Where there are too many, the last one says how many more there are.
 */
export function annotationsOf(report: Report): readonly string[] {
  return (['violation', 'doubt'] as const).flatMap((severity) => {
    const its = report.findings.filter((finding) => finding.severity === severity);
    const shown = its.length > SHOWN ? its.slice(0, SHOWN - 1) : its;
    const left = its.length - shown.length;
    return [
      ...shown.map((finding) =>
        commandOf(finding, `${kindOf(finding).title}, ${placeOf(finding, report)}`, finding.message),
      ),
      ...(left === 0 ? [] : [`::${COMMANDS[severity]} title=and ${left} more::${inMessage(verdictSentence(report))}`]),
    ];
  });
}

const commandOf = ({ severity }: Finding, title: string, message: string) =>
  `::${COMMANDS[severity]} title=${inProperty(printable(title))}::${inMessage(printable(message, 500))}`;

/** What would end a command, or begin another one, as the runner decodes it. */
const inMessage = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const inProperty = (text: string) => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
