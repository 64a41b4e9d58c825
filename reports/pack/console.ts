import { maxOf } from '../../model/index.ts';
import { paragraph } from '../console/layout.ts';
import type { Style } from '../console/style.ts';
import { titleRule } from '../console/summary.ts';
import { formatMs } from '../units.ts';
import type { LeftOut, PackVerdictFile, ScenarioLine } from './pack.ts';
import { findingsText, packHeadline, packSentence, RESULT_WORDS, verdictIn } from './verdict-text.ts';

/**
 * What is printed after the last of several scenarios.
 *
 * @param files the paths of the combined reports
 */
export function renderPackSummary(pack: PackVerdictFile, style: Style, files: readonly string[]): string {
  const width = maxOf([0, ...pack.scenarios.map(({ scenario }) => scenario.length)]) + 2;
  const { paint } = style.verdict(pack.verdict);
  const [first, ...rest] = files.map((file) => style.text(file, 1000));
  return [
    titleRule('All scenarios', style),
    ...pack.scenarios.flatMap((line) => linesOf(line, width, style)),
    '',
    `  ${paint(`${packHeadline(pack)} (exit code ${pack.exitCode})`)}`,
    ...paragraph(style.text(packSentence(pack), 1000), style.columns, { first: '  ' }),
    '',
    `  ${style.faint('Reports ')}${first ?? ''}`,
    ...rest.map((file) => `          ${file}`),
    ...pack.leftOut.flatMap((each, index) => leftOutLines(each, index, style)),
    `  ${style.faint('Repeat  ')}${style.text(pack.command, 2000)}`,
  ].join('\n');
}

function leftOutLines({ scenario, reason }: LeftOut, index: number, style: Style): string[] {
  const first = index === 0 ? `  ${style.faint('Left out')}` : '          ';
  return paragraph(style.text(`${scenario}: ${reason}`, 500), style.columns, { first: `${first} ` });
}

function linesOf(line: ScenarioLine, width: number, style: Style): string[] {
  const { paint, symbol } = style.verdict(verdictIn(line));
  const figures =
    line.totals === undefined ? '' : `${line.totals.requests} requests, spread at most ${formatMs(line.worstSpreadMs)}`;
  const detail = [findingsText(line), figures].filter((text) => text !== '').join('; ');
  const name = style.text(line.scenario).padEnd(width);
  const head = `  ${paint(`${symbol} ${name}${RESULT_WORDS[line.result].padEnd(13)}`)} `;
  return paragraph(style.text(detail, 300), style.columns, { first: head }).map((each) => each.trimEnd());
}
