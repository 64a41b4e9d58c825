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

/** A job summary has no room for more. */
const SHOWN = { rounds: 50, findingsPerKind: 10, witness: 10, winners: 5 } as const;

export const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓' } as const;

/** The report as GitHub-flavoured Markdown, for the job summary of a CI run. Ends with a line feed. */
export function renderMarkdown(report: Report): string {
  const { verdict } = report;
  const blocks = [
    `## ${MARKS[verdict]} ${VERDICT_WORDS[verdict]}: ${escaped(report.headline)}`,
    escaped(soldText(report)),
    ...(verdict === 'pass' ? strengthTexts(report).map((text) => escaped(text)) : []),
    ...noticesOf(report).map((notice) => `> ⚠️ ${escaped(notice)}`),
    setUp(report),
    expectedActualTable(report),
    figures(report),
    ...findingBlocks(report),
    ...helpBlocks(report),
    ...roundBlocks(report),
    `Repeat with\n\n${fenced(printable(report.command, 2000))}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function setUp(report: Report): string {
  const { target, env, startedAt, durationMs } = report;
  const took = durationMs === undefined ? '' : `, took ${formatDuration(durationMs)}`;
  return `${escaped(raceSize(report))} on **${escaped(env)}** (${escaped(target)}), ${escaped(formatInstant(startedAt))}${took}`;
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

function findingBlocks(report: Report): string[] {
  if (report.findings.length === 0) return [];
  const byKind = kindsOf(report.findings).flatMap(({ id }) => {
    const findings = report.findings.filter((finding) => finding.id === id);
    const rest = findings.length - SHOWN.findingsPerKind;
    return [
      ...findings.slice(0, SHOWN.findingsPerKind).map((finding) => findingBlock(report, finding)),
      ...(rest > 0 ? [`… and ${rest} more ${id}.`] : []),
    ];
  });
  return ['### Findings', ...byKind];
}

function findingBlock(report: Report, finding: Finding): string {
  const heading = `**${finding.id}** (${finding.severity}), ${escaped(locationOf(finding, report))}: ${escaped(finding.message, 500)}`;
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
  const rows = storyRows(story).map(({ person, what, fromMs, toMs, said }) => [
    escaped(person),
    what,
    formatOffset(fromMs),
    formatOffset(toMs),
    escaped(said),
  ]);
  return table(['Who', 'What', 'From, ms', 'To, ms', 'Answer'], rows, [':--', ':--', '--:', '--:', ':--']);
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

function roundBlocks(report: Report): string[] {
  const { rounds, label } = report;
  const unit = unitOf(report);
  if (rounds.length === 0) return [];
  const ordered = rounds.toSorted((a, b) => Number(b.findings.length > 0) - Number(a.findings.length > 0));
  const left = rounds.length - SHOWN.rounds;
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
      ordered.slice(0, SHOWN.rounds).map(roundRow),
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
