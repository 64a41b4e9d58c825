import { escaped, fenced, MARKS, table } from '../markdown.ts';
import { formatDuration, formatInstant, formatMs, UNKNOWN } from '../units.ts';
import { printable } from '../untrusted.ts';
import type { PackVerdictFile, ScenarioLine } from './pack.ts';
import { findingsText, packHeadline, packSentence, RESULT_WORDS, verdictIn } from './verdict-text.ts';

/** Of more scenarios, the claims stay on the index page: a job summary has at most 60 lines. */
const MAX_CLAIMS = 14;

/** So many of those that were left out are named. */
const MAX_LEFT_OUT = 8;

/** Several scenarios as one GitHub-flavoured Markdown, for a job summary of at most 60 lines. Ends with a line feed. */
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
    ...listOf(scenarios.length > MAX_CLAIMS ? [] : scenarios.map((each) => [each.scenario, each.hypothesis])),
    ...(leftOut.length === 0 ? [] : ['Left out, because the environment lacks what they need:']),
    ...listOf(leftOut.slice(0, MAX_LEFT_OUT).map((each) => [each.scenario, each.reason])),
    ...(leftOut.length > MAX_LEFT_OUT ? [`… and ${leftOut.length - MAX_LEFT_OUT} more.`] : []),
    `Repeat with\n\n${fenced(printable(command, 2000))}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

const listOf = (items: readonly (readonly [name: string, text: string])[]): string[] =>
  items.length === 0 ? [] : [items.map(([name, text]) => `- **${escaped(name)}**: ${escaped(text, 500)}`).join('\n')];

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
