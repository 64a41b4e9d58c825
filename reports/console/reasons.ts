import { causesFor, type Finding, fixesFor, inWords, kindsOf } from '../../model/index.ts';
import { locationOf, unitOf } from '../names.ts';
import type { Report } from '../report.ts';
import { soldText } from '../sold-text.ts';
import { storyOf, storyRows, storySentence } from '../story.ts';
import { strengthTexts } from '../verdict-text.ts';
import { witnessExcerpt, witnessSentence } from '../witness.ts';
import { paragraph } from './layout.ts';
import type { Style } from './style.ts';

/** How many findings of one kind are shown in full, with how many attempts of their witness. */
const IN_FULL = { findings: 5, witness: 10 } as const;

/** The reasons of the verdict, or its strength if it is a pass. */
export function reasonLines(report: Report, style: Style): string[] {
  const { verdict, findings } = report;
  const prose = (text: string) => paragraph(style.text(text, 600), style.columns, { first: '  ' });
  return [
    ...prose(soldText(report)),
    ...(verdict === 'pass' ? strengthTexts(report).flatMap(prose) : []),
    // Not wrapped: it is one line.
    ...(report.lastRun === undefined ? [] : [`  ${style.text(report.lastRun, 200)}`]),
    ...kindsOf(findings).flatMap(({ id }) =>
      findingLines(
        report,
        findings.filter((finding) => finding.id === id),
        style,
      ),
    ),
  ];
}

/** The findings of one kind: the first ones in full, then a line about the others. */
function findingLines(report: Report, findings: readonly Finding[], style: Style): string[] {
  const rest = findings.slice(IN_FULL.findings);
  return [
    ...findings.slice(0, IN_FULL.findings).flatMap((finding) => ['', ...findingInFull(report, finding, style)]),
    ...(rest.length === 0 ? [] : ['', ...restLines(report, rest, style)]),
  ];
}

function findingInFull(report: Report, finding: Finding, style: Style): string[] {
  const isViolation = finding.severity === 'violation';
  const paint = isViolation ? style.bad : style.unsure;
  const symbol = isViolation ? style.symbols.cross : style.symbols.question;
  const location = style.text(locationOf(finding, report), 300);
  return [
    ...paragraph(location, style.columns, { first: `  ${paint(`${symbol} ${finding.id}`)}, `, rest: '    ' }),
    ...paragraph(style.text(finding.message, 600), style.columns, { first: '    ' }),
    ...witnessLines(report, finding, style),
  ];
}

function witnessLines(report: Report, finding: Finding, style: Style): string[] {
  const bullet = (sentence: string) =>
    paragraph(style.text(sentence, 400), style.columns, { first: `    ${style.symbols.bullet} ` });
  const story = storyOf(report, finding);
  if (story !== undefined) return storyRows(story).flatMap((row) => bullet(storySentence(row)));
  const { rows, more } = witnessExcerpt(report, finding, IN_FULL.witness);
  return [
    ...rows.flatMap((row) => bullet(witnessSentence(row))),
    ...(more > 0 ? [style.faint(`    ${style.symbols.ellipsis} and ${more} more attempts`)] : []),
  ];
}

function restLines(report: Report, rest: readonly Finding[], style: Style): string[] {
  const first = rest[0];
  if (first === undefined) return [];
  const rounds = [...new Set(rest.flatMap((finding) => finding.round ?? []))];
  const cut = rounds.length > 30 ? [...rounds.slice(0, 30), style.symbols.ellipsis] : rounds;
  const where = rounds.length === 0 ? '' : `: ${unitOf(report).many} ${cut.join(', ')}`;
  return paragraph(`and ${rest.length} more ${first.id}${where}`, style.columns, {
    first: `  ${style.symbols.ellipsis} `,
  });
}

/** Causes and fixes for each kind of finding; nothing for a pass. */
export function troubleshootingLines(report: Report, style: Style): string[] {
  const bullets = (items: readonly string[]) =>
    items.flatMap((item) => paragraph(style.text(item, 600), style.columns, { first: `    ${style.symbols.bullet} ` }));
  return kindsOf(report.findings).flatMap((kind, index) => [
    ...(index === 0 ? [] : ['']),
    `  ${style.strong(`What to do: ${inWords(kind.title, report.facts.words)}`)}`,
    style.faint('    Usual causes'),
    ...bullets(causesFor(kind, report.facts)),
    style.faint('    Fixes'),
    ...bullets(fixesFor(kind, report.facts)),
  ]);
}
