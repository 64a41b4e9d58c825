import { escaped, fenced, MARKS, table } from '../markdown.ts';
import { formatDuration, formatInstant, formatMs, UNKNOWN } from '../units.ts';
import { printable } from '../untrusted.ts';
import type { PackVerdictFile, ScenarioLine } from './pack.ts';
import { findingsText, packHeadline, packSentence, RESULT_WORDS, verdictIn } from './verdict-text.ts';

/** Several scenarios as one GitHub-flavoured Markdown. Ends with a line feed. */
export function renderPackMarkdown(pack: PackVerdictFile): string {
  const { verdict, env, startedAt, durationMs, scenarios, leftOut, command } = pack;
  const blocks = [
    `## ${MARKS[verdict]} ${packHeadline(pack)}: ${escaped(packSentence(pack))}`,
    `${scenarios.length} scenarios on **${escaped(env)}**, ${escaped(formatInstant(startedAt))}, took ${formatDuration(durationMs)}`,
    table(
      ['Scenario', 'Result', 'Rounds', 'Requests', 'Successes', 'Worst spread', 'Findings', 'Report'],
      scenarios.map(rowOf),
      [':--', ':--', '--:', '--:', '--:', '--:', ':--', ':--'],
    ),
    ...scenarios.map(({ scenario, hypothesis }) => `- **${escaped(scenario)}**: ${escaped(hypothesis, 500)}`),
    ...(leftOut.length === 0
      ? []
      : [
          'Left out, because the environment lacks what they need:',
          ...leftOut.map(({ scenario, reason }) => `- **${escaped(scenario)}**: ${escaped(reason, 500)}`),
        ]),
    `Repeat with\n\n${fenced(printable(command, 2000))}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function rowOf(line: ScenarioLine): string[] {
  const { scenario, result, totals, rounds, worstSpreadMs, files } = line;
  return [
    escaped(scenario),
    `${MARKS[verdictIn(line)]} ${RESULT_WORDS[result]}`,
    String(rounds ?? UNKNOWN),
    String(totals?.requests ?? UNKNOWN),
    String(totals?.ok ?? UNKNOWN),
    formatMs(worstSpreadMs),
    escaped(findingsText(line), 500),
    files === undefined ? UNKNOWN : `[report](${encodeURI(files.html)})`,
  ];
}
