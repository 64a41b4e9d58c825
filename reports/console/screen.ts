import { causesFor, type Finding, inWords, kindOf, sum } from '../../model/index.ts';
import { capitalised } from '../../model/words.ts';
import { gravestFirst } from '../gravest-first.ts';
import { raceName, raceSize } from '../names.ts';
import type { Report } from '../report.ts';
import { soldText } from '../sold-text.ts';
import { formatDuration } from '../units.ts';
import { kindsText, noticesOf, strengthTexts } from '../verdict-text.ts';
import { endingLines, REPORTS } from './ending.ts';
import { rows, rowsTaken } from './layout.ts';
import { roundListLines } from './round-list.ts';
import type { Style } from './style.ts';
import { expectedActualLines, figureRows, titleRule } from './summary.ts';

/** What fits on one screen, with what was printed while the run went on. */
export const SCREEN_LINES = 40;

/** A log has at most so many lines of rounds, beside its {@link SCREEN_LINES}. */
export const LOGGED_ROUNDS = 50;

/** What a {@link renderScreen} has to keep to. */
export interface ScreenOptions {
  /** The paths of the reports, the most useful first. */
  readonly files?: readonly string[];
  /** How many lines there may be. Default: 40. In a log, lines of rounds do not count. */
  readonly lines?: number;
  /** The rounds that were printed while the run went on, and the violation that each line named. Default: none. */
  readonly shown?: ReadonlyMap<number, string | undefined>;
}

/** Lines that belong together. Where not all fit, those with the smallest worth are left out. */
interface Block {
  readonly worth: number;
  readonly lines: readonly string[];
}

/**
 * The end of a run on one screen: what was raced, lines of rounds as far as there is room, expected vs. actual, figures,
 * reasons, and in the last six lines the verdict. Everything else is in the report, and with --verbose.
 *
 * @returns lines joined by line feeds, without one at the end
 */
export function renderScreen(
  report: Report,
  style: Style,
  { files = [], lines = SCREEN_LINES, shown = new Map() }: ScreenOptions = {},
): string {
  const ending = { worth: 9, lines: endingLines(report, style, files, REPORTS) };
  const head = { worth: 7, lines: headLines(report, style) };
  const others: readonly Block[] = [
    { worth: 5, lines: expectedActualLines(report, style) },
    { worth: 3, lines: figureRows(report, style) },
    { worth: 4, lines: resultLines(report, style) },
    { worth: 6, lines: findingLines(report, style) },
    { worth: 2, lines: repeatLines(report, style) },
  ];
  // A screen has room for some of the rounds that violate, and only then for figures.
  const violating = { worth: 8, lines: style.wraps ? violatingLines(report, style, shown) : [] };
  const kept = fitting([head, violating, ...others, ending], lines, style).filter((block) => block !== violating);
  const room = style.wraps ? lines - heightOf(kept, style) - 1 : LOGGED_ROUNDS - shown.size;
  const list = { worth: 8, lines: roundListLines(report, style, { room: Math.max(0, room), shown }) };
  return [head, list, ...others, ending]
    .filter((block) => (block === list || kept.includes(block)) && block.lines.length > 0)
    .map((block) => block.lines.join('\n'))
    .join('\n\n');
}

/** So many rounds that violate have room, whatever else is there to say. */
const VIOLATING_ROUNDS = 5;

function violatingLines(report: Report, style: Style, shown: ReadonlyMap<number, string | undefined>): string[] {
  const violating = new Set(
    report.findings.flatMap(({ severity, round }) => (severity === 'violation' ? (round ?? []) : [])),
  );
  const rounds = report.rounds.filter(({ number }) => violating.has(number));
  return roundListLines({ ...report, rounds }, style, { room: Math.min(VIOLATING_ROUNDS, rounds.length), shown });
}

/** In rows of the screen, which breaks a long path, and with a blank line between two blocks. */
function heightOf(blocks: readonly Block[], style: Style): number {
  const filled = blocks.filter(({ lines }) => lines.length > 0);
  return sum(filled.flatMap(({ lines }) => lines.map((line) => rowsTaken(line, style)))) + filled.length - 1;
}

function fitting(blocks: readonly Block[], lines: number, style: Style): readonly Block[] {
  if (heightOf(blocks, style) <= lines || blocks.length === 1) return blocks;
  const least = blocks.reduce((worst, block) => (block.worth < worst.worth ? block : worst));
  return fitting(
    blocks.filter((block) => block !== least),
    lines,
    style,
  );
}

/** So many notices are shown. */
const MAX_NOTICES = 3;

function headLines(report: Report, style: Style): string[] {
  const { target, targetVersion, env, scenario, durationMs } = report;
  const took = durationMs === undefined ? '' : `, took ${formatDuration(durationMs)}`;
  const row = (text: string, first: string, max = 1) => rows(style.text(text, 600), style, { first, max });
  const notices = noticesOf(report);
  return [
    titleRule(capitalised(raceName(report)), style),
    ...row(target, '  Target  '),
    ...(targetVersion === undefined ? [] : row(targetVersion, '  Version ')),
    ...row(`${raceSize(report)}, ${env} (${scenario})${took}`, '  Race    '),
    ...(report.lastRun === undefined ? [] : row(report.lastRun, '  ')),
    ...notices.slice(0, MAX_NOTICES).flatMap((notice) => row(notice, '  ! ').map(style.unsure)),
    ...(notices.length > MAX_NOTICES
      ? [style.unsure(`  ! and ${notices.length - MAX_NOTICES} more in the report`)]
      : []),
  ];
}

/** What was promised and stored, and what a pass is worth. */
function resultLines(report: Report, style: Style): string[] {
  const texts = [soldText(report), ...(report.verdict === 'pass' ? strengthTexts(report) : [])];
  return texts.flatMap((text) => rows(style.text(text, 600), style, { first: '  ', max: 2 }));
}

/** So many kinds of findings are named. */
const MAX_KINDS = 4;

/** Each kind of finding in a line, and the likeliest cause of the gravest. */
function findingLines(report: Report, style: Style): string[] {
  const { facts } = report;
  const findings = gravestFirst(report);
  const kinds = [...new Set(findings.map(kindOf))];
  const [first] = kinds;
  if (first === undefined) return [];
  const [cause] = causesFor(first, facts);
  return [
    ...kinds.slice(0, MAX_KINDS).flatMap((kind) => {
      const same = findings.filter(({ id }) => id === kind.id);
      return kindRow(report, same, inWords(kind.title, facts.words), style);
    }),
    ...(kinds.length > MAX_KINDS ? [`  ${style.symbols.ellipsis} and ${kinds.length - MAX_KINDS} more kinds`] : []),
    ...(cause === undefined ? [] : rows(style.text(`Usual cause: ${cause}`, 600), style, { first: '    ', max: 2 })),
  ];
}

/** `✗ double-booking on 2 seats: Sold more often than allowed` */
function kindRow(report: Report, findings: readonly Finding[], title: string, style: Style): string[] {
  const isViolation = findings.some(({ severity }) => severity === 'violation');
  const symbol = isViolation ? style.symbols.cross : style.symbols.question;
  const [line = ''] = rows(style.text(`${kindsText(report, findings)}: ${title}`), style, {
    first: `  ${symbol} `,
    max: 1,
  });
  return [(isViolation ? style.bad : style.unsure)(line)];
}

/** A longer command is only in the report: a screen would break it. */
const MAX_COMMAND_ROWS = 1;

function repeatLines({ command }: Report, style: Style): string[] {
  const line = `  ${style.faint('Repeat  ')}${style.text(command, 2000)}`;
  return rowsTaken(`  Repeat  ${style.text(command, 2000)}`, style) > MAX_COMMAND_ROWS ? [] : [line];
}
