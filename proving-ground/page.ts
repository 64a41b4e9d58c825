import { ms, table } from '../bench/report/markdown.ts';
import { ARMS, PLUGIN } from './arms/index.ts';
import { ENTRANTS, type Entrant } from './race.ts';
import type { Row } from './results.ts';

/** A strategy and what became of it; no row: it was not raced. */
interface Line {
  readonly entrant: Entrant;
  readonly row: Row | undefined;
}

const linesOf = (rows: readonly Row[], entrants: readonly Entrant[], arm = PLUGIN): Line[] =>
  entrants.map((entrant) => ({
    entrant,
    row: rows.find((row) => row.arm === arm && row.store === entrant.store && row.name === entrant.name),
  }));

const isWrong = ({ entrant }: Line) => entrant.lock.expected.verdict !== 'pass';
const isAccused = ({ row }: Line) => (row?.verdicts.fail ?? 0) > 0;
const isAsExpected = ({ row }: Line) => row !== undefined && row.asExpected === row.runs;

/** The score and the table of some strategies; rows are of one size. */
export function raceSection(rows: readonly Row[], entrants = ENTRANTS): string {
  const lines = linesOf(rows, entrants);
  return [score(lines), raceTable(lines), taken(rows.filter((row) => row.arm === PLUGIN))].join('\n\n');
}

function score(lines: readonly Line[]): string {
  const raced = lines.filter(({ row }) => row !== undefined);
  const [wrong, right] = [raced.filter(isWrong), raced.filter((line) => !isWrong(line))];
  const unraced = lines.filter(({ row }) => row === undefined);
  const odd = raced.filter((line) => !isAsExpected(line));
  return [
    `- Wrong ones caught in every run: **${wrong.filter(isAsExpected).length} of ${wrong.length}**`,
    `- Right ones accused in any run: **${right.filter(isAccused).length} of ${right.length}**`,
    ...(odd.length === 0 ? [] : [`- Not as expected in every run: ${odd.map(nameOf).join(', ')}`]),
    ...(unraced.length === 0 ? [] : [`- Not raced, and not counted: ${unraced.map(nameOf).join(', ')}`]),
  ].join('\n');
}

const nameOf = ({ entrant }: Line) => `${entrant.name} (${entrant.store})`;

/** Wrong ones first: they are what it is about. */
function raceTable(lines: readonly Line[]): string {
  return table(
    ['strategy', 'store', 'expected', 'verdict', 'findings', 'seats caught', 'spread'],
    lines
      .toSorted((a, b) => Number(isWrong(b)) - Number(isWrong(a)))
      .flatMap(({ entrant, row }) => (row === undefined ? [] : [raceCells(entrant, row)])),
  );
}

function raceCells(entrant: Entrant, row: Row): string[] {
  const { expected } = entrant.lock;
  const verdicts = Object.entries(row.verdicts).map(([verdict, runs]) => `${verdict} ${runs} of ${row.runs}`);
  const findings = Object.entries(row.findings).map(([id, runs]) => (runs === row.runs ? id : `${id} (${runs})`));
  const [least, most] = row.caught;
  return [
    link(entrant),
    entrant.store,
    expected.verdict === 'pass' ? 'pass' : `${expected.verdict}: ${expected.finding}`,
    `${row.asExpected === row.runs ? '✓' : '✗'} ${verdicts.join(', ')}`,
    findings.join(', '),
    most === 0 ? '' : `${least === most ? most : `${least}–${most}`} of ${row.seats}`,
    row.spreadMs === undefined ? '' : `${ms(row.spreadMs)} ms`,
  ];
}

const link = ({ name, store }: Entrant) => `[${name}](../reference-api/locks/${store}/${name}.ts)`;

/** Which of the wrong ones each arm caught, side by side; rows are of one size. */
export function comparedSection(rows: readonly Row[], entrants = ENTRANTS): string {
  const ofArms = ARMS.map((arm) => ({ arm, lines: linesOf(rows, entrants, arm.id) }));
  const wrong = entrants.filter(({ lock }) => lock.expected.verdict !== 'pass');
  const cell = (lines: readonly Line[], entrant: Entrant) => {
    const row = lines.find((line) => line.entrant === entrant)?.row;
    return row === undefined ? '–' : `${row.asExpected === row.runs ? '✓' : '✗'} ${row.asExpected} of ${row.runs}`;
  };
  const total = (lines: readonly Line[]) => {
    const raced = lines.filter((line) => isWrong(line) && line.row !== undefined);
    return `**${raced.filter(isAsExpected).length} of ${raced.length}**`;
  };
  const alarms = (lines: readonly Line[]) => {
    const raced = lines.filter((line) => !isWrong(line) && line.row !== undefined);
    return `${raced.filter(isAccused).length} of ${raced.length}`;
  };
  return [
    table(
      ['runs that caught it', 'store', ...ARMS.map(({ title }) => title)],
      [
        ...wrong.map((entrant) => [link(entrant), entrant.store, ...ofArms.map(({ lines }) => cell(lines, entrant))]),
        ['**in every run**', '', ...ofArms.map(({ lines }) => total(lines))],
        ['right ones accused', '', ...ofArms.map(({ lines }) => alarms(lines))],
      ],
    ),
    taken(rows.filter((row) => row.arm !== PLUGIN)),
  ].join('\n\n');
}

/** What each strategy is, and where to read on. */
export function strategySection(): string {
  return table(
    ['strategy', 'store', 'what it does', 'read on'],
    ENTRANTS.map((entrant) => {
      const { summary, source, expected } = entrant.lock;
      const mark = expected.verdict === 'pass' ? 'right' : '**wrong**';
      return [link(entrant), entrant.store, `${mark}: ${summary}`, `[${new URL(source).host}](${source})`];
    }),
  );
}

/** When and where rows were taken. */
function taken(rows: readonly Row[]): string {
  const places = new Set(rows.map(({ taken: { on, machine } }) => `- ${on}: ${machine.join('; ')}`));
  return [...places].toSorted().join('\n');
}
