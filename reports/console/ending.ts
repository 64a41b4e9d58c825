import { type Finding, fixesFor, kindOf } from '../../model/index.ts';
import { capitalised } from '../../model/words.ts';
import { gravestFirst } from '../gravest-first.ts';
import { roundName } from '../names.ts';
import { oversoldIn } from '../oversold.ts';
import type { Report } from '../report.ts';
import { VERDICT_WORDS } from '../verdict-text.ts';
import { type WitnessRow, witnessExcerpt } from '../witness.ts';
import { rows, rowsTaken } from './layout.ts';
import type { Style } from './style.ts';

/** Stands before the path; its neighbours have the same name. */
export const REPORTS = '  Reports ';

/** The last lines of everything that is printed about a run. */
const MAX_LINES = 6;

/**
 * What a run ends with, in at most 6 lines: the verdict with its exit code and headline, who and when, what to do, and the
 * path of the report.
 *
 * @param files the paths of the reports, the most useful first
 * @param label stands before the path
 */
export function endingLines(report: Report, style: Style, files: readonly string[] = [], label = ''): string[] {
  const { verdict, exitCode, headline } = report;
  const { paint, symbol } = style.verdict(verdict);
  const path = files.slice(0, 1).map((file) => label + style.text(file, 1000));
  const pathRows = path.reduce((sum, line) => sum + rowsTaken(line, style), 0);
  const word = `${symbol} ${VERDICT_WORDS[verdict]}`;
  const [first = '', ...rest] = rows(style.text(headline, 600), style, {
    first: `${word} (exit code ${exitCode}): `,
    rest: '  ',
    max: pathRows > 2 ? 1 : 2,
  });
  const lines = [paint(style.strong(word)) + first.slice(word.length), ...rest];
  const worst = worstOf(report);
  if (worst === undefined) return [...lines, ...path];
  const room = (left: number) => Math.max(0, MAX_LINES - pathRows - lines.length - left);
  const add = (text: string, max: number) => {
    if (max > 0 && text !== '') lines.push(...rows(style.text(text, 600), style, { first: '  ', rest: '  ', max }));
  };
  add(whoText(report, worst), room(1) > 2 ? 2 : Math.min(1, room(1)));
  const [fix] = fixesFor(kindOf(worst), report.facts);
  if (fix !== undefined) add(`What to do: ${fix}`, Math.min(2, room(0)));
  return [...lines, ...path];
}

/** A violation rather than a doubt, and of what was oversold the one that the headline names. */
function worstOf(report: Report): Finding | undefined {
  const [first] = gravestFirst(report);
  const [sold] = oversoldIn(report);
  const named = report.findings.find(
    (finding) => kindOf(finding).isOversold && numberOf(report, finding) === sold?.number,
  );
  return first !== undefined && kindOf(first).isOversold ? (named ?? first) : first;
}

/** So many attempts of a witness fit in a line or two. */
const NAMED = 2;

/** `Seat 3: VU 1 at +20.20 ms: 201, 41fe0003-6a0c…; VU 2 at +20.30 ms: …`; of a doubt, what it says. */
function whoText(report: Report, finding: Finding): string {
  const place = placeOf(report, finding);
  const { rows: witness } = witnessExcerpt(report, finding, NAMED);
  if (finding.severity === 'doubt' || witness.length === 0) return `${place}${finding.message}`;
  const more = finding.witness.length - witness.length;
  return `${place}${witness.map(briefly).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Characters of what was answered: a status and the beginning of an order id. */
const MAX_SAID = 20;

function briefly({ vu, doneMs, isAnswered, said }: WitnessRow): string {
  const at = `${doneMs < 0 ? '' : '+'}${doneMs.toFixed(2)} ms`;
  const text = Array.from(said.replace(', order ', ', '));
  const cut = text.length > MAX_SAID ? `${text.slice(0, MAX_SAID - 1).join('')}…` : text.join('');
  return `VU ${vu} ${isAnswered ? 'at' : 'gave up at'} ${at}: ${cut}`;
}

function placeOf(report: Report, finding: Finding): string {
  const { round } = finding;
  if (round === undefined) return '';
  const inventoryNumber = numberOf(report, finding) ?? round;
  return `${capitalised(roundName({ label: report.label, inventoryNumber, round }))}: `;
}

/** The number of the inventory for people: that of its first round. */
const numberOf = ({ rounds }: Report, { inventory }: Finding): number | undefined =>
  rounds.find((each) => each.inventory === inventory)?.number;
