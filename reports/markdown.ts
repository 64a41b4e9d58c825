import {
  capitalised,
  causesFor,
  type Finding,
  fixesFor,
  inWords,
  kindsOf,
  plural,
  type RoundSummary,
} from '../model/index.ts';
import { contentionText, offsetsText, spreadText } from './contention.ts';
import { evidenceOf, needsOf } from './evidence.ts';
import { expectedActual, SYMBOLS } from './expected-actual.ts';
import { locationOf, raceSize, successWord, unitOf } from './names.ts';
import type { Report } from './report.ts';
import { soldText } from './sold-text.ts';
import { serverErrorsOf, statusCountsOf, statusesText } from './statuses.ts';
import { type Story, storyOf, storyRows } from './story.ts';
import { toldText } from './told.ts';
import { formatDuration, formatInstant, formatMs, formatOffset, UNKNOWN } from './units.ts';
import { ID_LENGTH, printable } from './untrusted.ts';
import { noticesOf, strengthTexts, VERDICT_WORDS } from './verdict-text.ts';
import { witnessExcerpt } from './witness.ts';

/** So many lines fit a screen, more or less: a job summary has no more. */
const MAX_LINES = 60;

/** Of each, so many are shown where there is room. */
const SHOWN = { notices: 3, findings: 8, witness: 4, rounds: 20, winners: 5, story: 12 } as const;

export const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓' } as const;

/**
 * The report as GitHub-flavoured Markdown of at most 60 lines, for the job summary of a CI run: the verdict first, the worst
 * findings, then what there is room for. Ends with a line feed.
 */
export function renderMarkdown(report: Report): string {
  const { verdict } = report;
  const notices = noticesOf(report);
  const beginning = [
    `## ${MARKS[verdict]} ${VERDICT_WORDS[verdict]}: ${escaped(report.headline)}`,
    escaped(soldText(report)),
    ...(verdict === 'pass'
      ? [
          strengthTexts(report)
            .map((text) => escaped(text))
            .join(' '),
        ]
      : []),
    ...notices.slice(0, SHOWN.notices).map((notice) => `> ⚠️ ${escaped(notice)}`),
    setUp(report),
    expectedActualTable(report),
  ];
  const end = [`Repeat with\n\n${fenced(printable(report.command, 2000))}`];
  const [findings, left] = findingBlocks(report);
  const more = [
    ...(left > 0 ? [`… and ${plural(left, 'more finding')}.`] : []),
    ...(notices.length > SHOWN.notices ? [`… and ${plural(notices.length - SHOWN.notices, 'more notice')}.`] : []),
  ];
  const optional = [
    ...findings,
    ...more,
    ...helpBlocks(report).slice(0, 1),
    figures(report),
    ...helpBlocks(report).slice(1),
  ];
  const taken = linesOf([...beginning, ...end]);
  const chosen = thatFit(optional, MAX_LINES - taken);
  const rounds = roundBlocks(report, MAX_LINES - taken - linesOf(chosen));
  return `${[...beginning, ...chosen, ...rounds, ...end].join('\n\n')}\n`;
}

/** With the empty line after each block. */
const linesOf = (blocks: readonly string[]): number =>
  blocks.reduce((sum, block) => sum + block.split('\n').length + 1, 0);

/** The blocks that have room in so many lines; a block that is too long leaves its room to shorter ones. */
function thatFit(blocks: readonly string[], lines: number): string[] {
  let left = lines;
  return blocks.filter((block) => {
    const needed = linesOf([block]);
    if (needed > left) return false;
    left -= needed;
    return true;
  });
}

function setUp(report: Report): string {
  const { target, targetVersion, env, startedAt, durationMs } = report;
  const version = targetVersion === undefined ? '' : `, version ${escaped(targetVersion, 100)}`;
  const took = durationMs === undefined ? '' : `, took ${formatDuration(durationMs)}`;
  return `${escaped(raceSize(report))} on **${escaped(env)}** (${escaped(target)}${version}), ${escaped(formatInstant(startedAt))}${took}`;
}

function expectedActualTable(report: Report): string {
  const rows = expectedActual(report).map(({ name, expected, actual, mark }) => [
    name,
    expected,
    `**${actual}**`,
    SYMBOLS[mark],
  ]);
  return table(['', 'Expected', 'Actual', ''], rows, [':--', '--:', '--:', ':-:']);
}

function figures(report: Report): string {
  const { responseTimeMs: times, contention, refusals, unrecognised } = report;
  const offsets = offsetsText(contention);
  return [
    `- Response time: p50 ${formatMs(times.p50)}, p95 ${formatMs(times.p95)}, p99 ${formatMs(times.p99)}, max ${formatMs(times.max)}`,
    `- Statuses: ${statusesText(statusCountsOf(report)) || UNKNOWN}; 5xx: ${serverErrorsOf(report)}`,
    ...(refusals.length === 0 ? [] : [`- Refusals: ${escaped(toldText(refusals), 1000)}`]),
    ...(unrecognised.length === 0
      ? []
      : [`- Not recognised: ${escaped(toldText(unrecognised, { withStatus: true }), 1000)}`]),
    `- Contention: ${contentionText(report)}`,
    ...(offsets === undefined ? [] : [`- Offsets: ${offsets}`]),
  ].join('\n');
}

/** @returns the blocks, the gravest finding first, and how many findings are left out */
function findingBlocks(report: Report): readonly [blocks: string[], left: number] {
  const ordered = kindsOf(report.findings).flatMap(({ id }) => report.findings.filter((finding) => finding.id === id));
  const [first] = ordered;
  if (first === undefined) return [[], 0];
  const shown = ordered.slice(0, SHOWN.findings);
  const brief = shown.slice(1).map((finding) => `- ${headingOf(report, finding)}`);
  return [
    [
      '### Findings',
      findingBlock(report, first),
      ...requestBlocks(report, first),
      ...(brief.length > 0 ? [brief.join('\n')] : []),
    ],
    ordered.length - shown.length,
  ];
}

const headingOf = (report: Report, finding: Finding): string =>
  `**${finding.id}** (${finding.severity}), ${escaped(locationOf(finding, report))}: ${escaped(finding.message, 500)}`;

/** The traces of a witness, and its first request as a command. */
function requestBlocks(report: Report, { witness }: Finding): string[] {
  const evidence = evidenceOf(report, witness, SHOWN.witness);
  const traces = evidence
    .filter(({ traceId }) => traceId !== '')
    .map(({ vu, traceId, traceHref }) => `VU ${vu} ${traceHref === '' ? traceId : `[${traceId}](<${traceHref}>)`}`);
  const [request] = evidence.flatMap(({ vu, curl }) => (curl === undefined ? [] : [{ vu, curl }]));
  return [
    ...(traces.length > 0 ? [`Traces: ${traces.join(', ')}`] : []),
    ...(request === undefined
      ? []
      : [
          `The request of VU ${request.vu}. ${escaped(needsOf(request.curl), 500)}`.trim(),
          fenced(request.curl.command),
        ]),
  ];
}

function findingBlock(report: Report, finding: Finding): string {
  const heading = headingOf(report, finding);
  const story = storyOf(report, finding);
  if (story !== undefined) return `${heading}\n\n${storyTable(story)}`;
  const { rows, more } = witnessExcerpt(report, finding, SHOWN.witness);
  if (rows.length === 0) return heading;
  const lines = rows.map((row) => [
    String(row.vu),
    formatOffset(row.releasedMs),
    formatOffset(row.firstByteMs),
    formatOffset(row.doneMs),
    row.result,
    escaped(row.said),
  ]);
  const head = ['VU', 'Released, ms', 'First byte, ms', 'Done, ms', 'Outcome', 'Answer'];
  const rest = more > 0 ? [`… and ${more} more attempts.`] : [];
  return [heading, table(head, lines, ['--:', '--:', '--:', '--:', ':--', ':--']), ...rest].join('\n\n');
}

function storyTable(story: Story): string {
  const all = storyRows(story);
  const rows = all
    .slice(0, SHOWN.story)
    .map(({ person, what, fromMs, toMs, said }) => [
      escaped(person),
      what,
      formatOffset(fromMs),
      formatOffset(toMs),
      escaped(said),
    ]);
  const more = all.length - rows.length;
  const lines = table(['Who', 'What', 'From, ms', 'To, ms', 'Answer'], rows, [':--', ':--', '--:', '--:', ':--']);
  return more > 0 ? `${lines}\n\n… and ${more} more.` : lines;
}

function helpBlocks(report: Report): string[] {
  const list = (items: readonly string[]) => items.map((item) => `- ${escaped(item, 1000)}`).join('\n');
  return kindsOf(report.findings).map((kind) =>
    [
      `<details><summary>What to do: ${escaped(inWords(kind.title, report.facts.words))}</summary>`,
      'Usual causes:',
      list(causesFor(kind, report.facts)),
      'Fixes:',
      list(fixesFor(kind, report.facts)),
      '</details>',
    ].join('\n\n'),
  );
}

/** @param room how many lines there are */
function roundBlocks(report: Report, room: number): string[] {
  const { rounds, label } = report;
  const unit = unitOf(report);
  // A title, the head of the table, the line below it, and the empty lines.
  const shown = Math.min(SHOWN.rounds, rounds.length, room - 8);
  if (shown < 1) return [];
  const ordered = rounds.toSorted((a, b) => Number(b.findings.length > 0) - Number(a.findings.length > 0));
  const left = rounds.length - shown;
  return [
    `### ${escaped(capitalised(unit.many))}`,
    table(
      [
        '#',
        escaped(capitalised(label)),
        'Requests',
        capitalised(successWord(report)),
        'Refused',
        'Unknown',
        'Winner',
        'Spread',
        'At once',
        'Findings',
      ],
      ordered.slice(0, shown).map(roundRow),
      ['--:', ':--', '--:', '--:', '--:', '--:', ':--', '--:', '--:', ':--'],
    ),
    ...(left > 0
      ? [`${escaped(plural(left, `more ${unit.one}`, `more ${unit.many}`))} left out; those with findings come first.`]
      : []),
  ];
}

function roundRow(round: RoundSummary): string[] {
  const { winners } = round;
  const named = winners.slice(0, SHOWN.winners).map(({ vu, orderId }) => {
    return `VU ${vu}${orderId === undefined ? '' : ` (${escaped(orderId, ID_LENGTH)})`}`;
  });
  const more = winners.length - named.length;
  return [
    String(round.number),
    escaped(round.inventory, ID_LENGTH),
    String(round.requests),
    String(round.ok),
    String(round.fail),
    String(round.info),
    [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ') || UNKNOWN,
    spreadText(round),
    String(round.overlap),
    [...new Set(round.findings)].join(', '),
  ];
}

type Alignment = ':--' | '--:' | ':-:';

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Alignment[],
): string {
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A code block with a fence that the code cannot close. */
export function fenced(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}sh\n${code}\n${fence}`;
}

/** Escapes text from outside, so it is no markup, HTML, link, mention, formula or table cell. */
export function escaped(text: string, maxLength?: number): string {
  return printable(text, maxLength)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]|~#!]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll('$', '&#36;')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, 'www&#46;');
}
