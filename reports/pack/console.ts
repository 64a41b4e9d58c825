import { maxOf } from '../../model/index.ts';
import { REPORTS } from '../console/ending.ts';
import { rows, rowsTaken } from '../console/layout.ts';
import type { Style } from '../console/style.ts';
import { titleRule } from '../console/summary.ts';
import { formatMs } from '../units.ts';
import type { LeftOut, PackVerdictFile, ScenarioLine } from './pack.ts';
import { findingsText, packHeadline, packSentence, RESULT_WORDS, verdictIn } from './verdict-text.ts';

/**
 * What is printed after the last of several scenarios: a line for each, and in the last lines the verdict.
 *
 * @param files the paths of the combined reports, the most useful first; only `full` names more than one
 * @param detail `quiet`: the verdict alone. `screen`: one line a scenario. `full`: everything
 */
export function renderPackSummary(
  pack: PackVerdictFile,
  style: Style,
  files: readonly string[],
  detail: 'quiet' | 'screen' | 'full' = 'screen',
): string {
  const width = maxOf([0, ...pack.scenarios.map(({ scenario }) => scenario.length)]) + 2;
  const max = detail === 'full' ? 10 : 1;
  const { paint, symbol } = style.verdict(pack.verdict);
  const head = `${symbol} ${packHeadline(pack)} (exit code ${pack.exitCode})`;
  const shown = files.slice(0, detail === 'full' ? files.length : 1);
  const ending = [
    paint(style.strong(head)),
    ...rows(style.text(packSentence(pack), 1000), style, { first: '  ', max: detail === 'full' ? 10 : 2 }),
    // Paths are not wrapped: people copy them. The most useful is the last.
    ...shown.toReversed().map((file) => (detail === 'quiet' ? '' : REPORTS) + style.text(file, 1000)),
  ];
  if (detail === 'quiet') return ending.join('\n');
  const repeat = style.text(pack.command, 2000);
  // A screen would break a longer command, and it is in the report.
  const fits = detail === 'full' || rowsTaken(`  Repeat  ${repeat}`, style) === 1;
  return [
    titleRule('All scenarios', style),
    ...pack.scenarios.flatMap((line) => linesOf(line, width, max, style)),
    ...pack.leftOut.flatMap((each, index) => leftOutLines(each, index, max, style)),
    '',
    ...(fits ? [`  ${style.faint('Repeat  ')}${repeat}`, ''] : []),
    ...ending,
  ].join('\n');
}

function leftOutLines({ scenario, reason }: LeftOut, index: number, max: number, style: Style): string[] {
  const first = index === 0 ? `  ${style.faint('Left out')}` : '          ';
  return rows(style.text(`${scenario}: ${reason}`, 500), style, { first: `${first} `, max });
}

function linesOf(line: ScenarioLine, width: number, max: number, style: Style): string[] {
  const { paint, symbol } = style.verdict(verdictIn(line));
  const figures =
    line.totals === undefined ? '' : `${line.totals.requests} requests, spread at most ${formatMs(line.worstSpreadMs)}`;
  const detail = [findingsText(line), figures].filter((text) => text !== '').join('; ');
  const name = style.text(line.scenario).padEnd(width);
  const head = `  ${symbol} ${name}${RESULT_WORDS[line.result].padEnd(13)} `;
  const [first = '', ...rest] = rows(style.text(detail, 300), style, { first: head, max });
  return [paint(head.trimEnd()) + first.slice(head.trimEnd().length).trimEnd(), ...rest];
}
