import stringWidth from 'string-width';
import { capitalised, maxOf, plural } from '../../model/index.ts';
import { contentionText, offsetsText } from '../contention.ts';
import { expectedActual } from '../expected-actual.ts';
import { metricsOf } from '../metrics.ts';
import { raceName, raceSize } from '../names.ts';
import type { Report } from '../report.ts';
import { statusCountsOf, statusesText } from '../statuses.ts';
import { toldText } from '../told.ts';
import { formatDuration, formatInstant, formatMs } from '../units.ts';
import { noticesOf } from '../verdict-text.ts';
import { endingLines, REPORTS } from './ending.ts';
import { padEnd, padStart, paragraph, rows } from './layout.ts';
import { reasonLines, troubleshootingLines } from './reasons.ts';
import type { Style } from './style.ts';

const INDENT = '  ';

/** The verdict in at most 6 lines: {@link endingLines}. */
export const renderBrief = (report: Report, style: Style, files: readonly string[]): string =>
  endingLines(report, style, files).join('\n');

/**
 * Everything about a run, for --verbose: what was raced, expected vs. actual, times, contention, metrics, the reasons of the
 * verdict, help, where to look next, and the verdict.
 *
 * @param files the paths of the reports as they are shown
 * @returns lines joined by line feeds, without one at the end
 */
export function renderSummary(report: Report, style: Style, files: readonly string[] = []): string {
  const blocks = [
    [titleRule(capitalised(raceName(report)), style), ...setUpLines(report, style)],
    expectedActualLines(report, style),
    figureLines(report, style),
    metricLines(report, style),
    [plainRule(style)],
    reasonLines(report, style),
    troubleshootingLines(report, style),
    nextLines(report, style, files),
    [plainRule(style)],
    endingLines(report, style, files, REPORTS),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

export function titleRule(title: string, style: Style): string {
  const { rule } = style.symbols;
  const rest = rule.repeat(Math.max(0, style.columns - title.length - 4));
  return `${style.faint(rule.repeat(2))} ${style.strong(title)} ${style.faint(rest)}`;
}

function plainRule(style: Style): string {
  return style.faint(style.symbols.rule.repeat(style.columns));
}

interface Term {
  readonly name: string;
  readonly value: string;
}

/** Names in one column, wrapped values in the next. */
function termLines(terms: readonly Term[], style: Style): string[] {
  const width = maxOf(terms.map(({ name }) => stringWidth(name))) + 2;
  return terms.flatMap(({ name, value }) => {
    const [first = '', ...rest] = paragraph(value, style.columns, { first: ' '.repeat(INDENT.length + width) });
    return [INDENT + style.faint(padEnd(name, width)) + first.trimStart(), ...rest];
  });
}

function setUpLines(report: Report, style: Style): string[] {
  const { target, targetVersion, env, scenario, startedAt, durationMs } = report;
  const took = durationMs === undefined ? '' : `, took ${formatDuration(durationMs)}`;
  return [
    ...termLines(
      [
        { name: 'Target', value: style.text(target) },
        ...(targetVersion === undefined ? [] : [{ name: 'Version', value: style.text(targetVersion) }]),
        { name: 'Environment', value: style.text(`${env} (${scenario})`) },
        { name: 'Started', value: style.text(formatInstant(startedAt)) + took },
        { name: 'Race', value: style.text(raceSize(report)) },
      ],
      style,
    ),
    ...noticesOf(report).flatMap((notice) =>
      paragraph(style.text(notice, 300), style.columns, { first: `${INDENT}! ` }).map(style.unsure),
    ),
  ];
}

export function expectedActualLines(report: Report, style: Style): string[] {
  const rows = expectedActual(report);
  const wide = (values: readonly string[]) => maxOf(values.map((value) => stringWidth(value))) + 3;
  const name = wide(rows.map((row) => row.name));
  const expected = wide(['Expected', ...rows.map((row) => row.expected)]);
  const actual = wide(['Actual', ...rows.map((row) => row.actual)]);
  return [
    style.faint(INDENT + padEnd('', name) + padStart('Expected', expected) + padStart('Actual', actual)),
    ...rows.map((row) => {
      const mark = {
        right: style.good(style.symbols.tick),
        wrong: style.bad(style.symbols.cross),
        settled: '',
      }[row.mark];
      const value = style.strong(padStart(row.actual, actual));
      return `${INDENT}${padEnd(row.name, name)}${padStart(row.expected, expected)}${value}  ${mark}`.trimEnd();
    }),
  ];
}

const figureLines = (report: Report, style: Style): string[] => termLines(figuresOf(report, style), style);

/** The figures of {@link renderSummary}, each in at most two lines. */
export function figureRows(report: Report, style: Style): string[] {
  const figures = figuresOf(report, style);
  const width = maxOf(figures.map(({ name }) => stringWidth(name))) + 2;
  return figures.flatMap(({ name, value }) => {
    const first = INDENT + padEnd(name, width);
    const [line = '', ...rest] = rows(value, style, { first, max: 2 });
    return [INDENT + style.faint(padEnd(name, width)) + line.slice(first.length), ...rest];
  });
}

function figuresOf(report: Report, style: Style): readonly Term[] {
  const { responseTimeMs: times, contention, refusals, unrecognised } = report;
  const { times: by, dot } = style.symbols;
  const offsets = offsetsText(contention);
  const shown = (ms: number | undefined) => style.text(formatMs(ms));
  const statuses = statusesText(statusCountsOf(report), style.symbols.times);
  return [
    {
      name: 'Response time',
      value: `p50 ${shown(times.p50)}, p95 ${shown(times.p95)}, p99 ${shown(times.p99)}, max ${shown(times.max)}`,
    },
    { name: 'Statuses', value: statuses || style.symbols.dash },
    ...toldTerm('Refusals', style.text(toldText(refusals, { times: by, dot }), MAX_TOLD)),
    ...toldTerm('Not recognised', style.text(toldText(unrecognised, { withStatus: true, times: by, dot }), MAX_TOLD)),
    { name: 'Contention', value: style.text(`${contentionText(report)}${onMachines(report)}`) },
    ...(offsets === undefined ? [] : [{ name: 'Offsets', value: style.text(offsets) }]),
  ];
}

const onMachines = ({ machines }: Report): string =>
  machines === undefined ? '' : `, on ${plural(machines.length, 'machine')}`;

/** What answers say is cut here, in characters. */
const MAX_TOLD = 400;

const toldTerm = (name: string, value: string): Term[] => (value === '' ? [] : [{ name, value }]);

function metricLines(report: Report, style: Style): string[] {
  const metrics = metricsOf(report).map(({ name, value }) => ({ name, value: style.text(value) }));
  const width = maxOf(metrics.map(({ name }) => name.length)) + 2;
  const values = maxOf(metrics.map(({ value }) => value.length)) + 1;
  return [
    `${INDENT}${style.strong('Metrics')}`,
    ...metrics.map(
      ({ name, value }) => `${INDENT}${name} ${style.faint('.'.repeat(width - name.length))}${padStart(value, values)}`,
    ),
  ];
}

function nextLines(report: Report, style: Style, files: readonly string[]): string[] {
  // The first one stands below the verdict.
  const [, first, ...rest] = files.map((file) => style.text(file, 1000));
  return [
    // Paths and commands are not wrapped: people copy them.
    ...(first === undefined ? [] : [`${INDENT}${style.faint('Beside  ')}${first}`]),
    ...rest.map((file) => `${INDENT}        ${file}`),
    `${INDENT}${style.faint('Repeat  ')}${style.text(report.command, 2000)}`,
  ];
}
