import { ms, table } from '../bench/report/markdown.ts';
import type { Expectation } from '../reference-api/strategy.ts';
import { ARMS, PLUGIN } from './arms/index.ts';
import { PAIRINGS, pairingName } from './pairings.ts';
import { ALL_LOCKS, type NamedLock } from './race.ts';
import { type Row, SCENARIO } from './results.ts';

/** The sizes of the order race that the page shows. */
const SIZES = [
  { section: 'default', contenders: 100, seats: 16 },
  { section: 'small', contenders: 10, seats: 4 },
] as const;

/** All generated sections of docs/detection.md, by name. */
export function sectionsOf(rows: readonly Row[]): Readonly<Record<string, string>> {
  const bySize = SIZES.flatMap(({ section, contenders, seats }) => {
    const ofSize = rows.filter((row) => row.contenders === contenders && row.seats === seats);
    return [
      [section, raceSection(ofSize)],
      [`compared-${section}`, comparedSection(ofSize)],
    ];
  });
  return { ...Object.fromEntries(bySize), strategies: strategySection(), scenarios: scenarioSection(rows) };
}

/** A lock and its row. Without a row it was not raced. */
interface Line {
  readonly lock: NamedLock;
  readonly row: Row | undefined;
}

const linesOf = (rows: readonly Row[], locks: readonly NamedLock[], arm = PLUGIN): Line[] =>
  locks.map((lock) => ({
    lock,
    row: rows.find((row) => row.arm === arm && row.store === lock.store && row.name === lock.name),
  }));

const isWrong = ({ lock: { lock } }: Line) => lock.expected.verdict !== 'pass';
const isAccused = ({ row }: Line) => (row?.verdicts.fail ?? 0) > 0;
const isAsExpected = ({ row }: Line) => row !== undefined && row.asExpected === row.runs;

/** The score and the table of some locks, from rows of one size. */
export function raceSection(rows: readonly Row[], locks = ALL_LOCKS): string {
  const lines = linesOf(rows, locks);
  return [score(lines), raceTable(lines), takenIn(rows.filter((row) => row.arm === PLUGIN))].join('\n\n');
}

function score(lines: readonly Line[]): string {
  const raced = lines.filter(({ row }) => row !== undefined);
  const [wrong, right] = [raced.filter(isWrong), raced.filter((line) => !isWrong(line))];
  const unraced = lines.filter(({ row }) => row === undefined);
  const unexpected = raced.filter((line) => !isAsExpected(line));
  return [
    `- Wrong locks caught in every run: **${wrong.filter(isAsExpected).length} of ${wrong.length}**`,
    `- Right locks accused in any run: **${right.filter(isAccused).length} of ${right.length}**`,
    ...(unexpected.length === 0 ? [] : [`- Not as expected in every run: ${unexpected.map(nameOf).join(', ')}`]),
    ...(unraced.length === 0 ? [] : [`- Not raced, so not counted: ${unraced.map(nameOf).join(', ')}`]),
  ].join('\n');
}

const nameOf = ({ lock: { name, store } }: Line) => `${name} (${store})`;

/** Wrong locks come first, because the page is about them. */
const raceTable = (lines: readonly Line[]): string =>
  table(
    ['lock', 'store', 'expected', 'verdict', 'findings', 'seats caught', 'spread'],
    lines
      .toSorted((a, b) => Number(isWrong(b)) - Number(isWrong(a)))
      .flatMap(({ lock, row }) => (row === undefined ? [] : [raceCells(lock, row)])),
  );

function raceCells(lock: NamedLock, row: Row): string[] {
  const [least, most] = row.caught;
  return [
    link(lock),
    lock.store,
    ...resultCells(lock.lock.expected, row),
    most === 0 ? '' : `${least === most ? most : `${least}–${most}`} of ${row.seats}`,
    row.spreadMs === undefined ? '' : `${ms(row.spreadMs)} ms`,
  ];
}

/** Three cells: what was expected, the verdicts, the findings. */
export function resultCells(expected: Expectation, row: Row): string[] {
  const verdicts = Object.entries(row.verdicts).map(([verdict, runs]) => `${verdict} ${runs} of ${row.runs}`);
  const findings = Object.entries(row.findings).map(([id, runs]) => (runs === row.runs ? id : `${id} (${runs})`));
  return [
    expected.verdict === 'pass' ? 'pass' : `${expected.verdict}: ${expected.finding}`,
    `${row.asExpected === row.runs ? '✓' : '✗'} ${verdicts.join(', ')}`,
    findings.join(', '),
  ];
}

const link = ({ name, store }: NamedLock) => `[${name}](../reference-api/locks/${store}/${name}.ts)`;

/** Which wrong locks each arm caught, side by side, from rows of one size. */
export function comparedSection(rows: readonly Row[], locks = ALL_LOCKS): string {
  const byArm = ARMS.map((arm) => linesOf(rows, locks, arm.id));
  const wrong = locks.filter(({ lock }) => lock.expected.verdict !== 'pass');
  const cell = (lines: readonly Line[], lock: NamedLock) => {
    const row = lines.find((line) => line.lock === lock)?.row;
    return row === undefined ? '–' : `${row.asExpected === row.runs ? '✓' : '✗'} ${row.asExpected} of ${row.runs}`;
  };
  const caught = (lines: readonly Line[]) => {
    const raced = lines.filter((line) => isWrong(line) && line.row !== undefined);
    return raced.length === 0 ? '–' : `**${raced.filter(isAsExpected).length} of ${raced.length}**`;
  };
  const accused = (lines: readonly Line[]) => {
    const raced = lines.filter((line) => !isWrong(line) && line.row !== undefined);
    return raced.length === 0 ? '–' : `${raced.filter(isAccused).length} of ${raced.length}`;
  };
  return [
    table(
      ['runs that caught it', 'store', ...ARMS.map(({ title }) => title)],
      [
        ...wrong.map((lock) => [link(lock), lock.store, ...byArm.map((lines) => cell(lines, lock))]),
        ['**in every run**', '', ...byArm.map(caught)],
        ['right locks accused', '', ...byArm.map(accused)],
      ],
    ),
    takenIn(rows.filter((row) => row.arm !== PLUGIN)),
  ].join('\n\n');
}

/** What each lock does, and where to read more. */
const strategySection = (): string =>
  table(
    ['lock', 'store', 'what it does', 'read more'],
    ALL_LOCKS.map((lock) => {
      const { summary, source, expected } = lock.lock;
      const mark = expected.verdict === 'pass' ? 'right' : '**wrong**';
      return [link(lock), lock.store, `${mark}: ${summary}`, `[${new URL(source).host}](${source})`];
    }),
  );

/** The other scenarios against their locks. */
function scenarioSection(rows: readonly Row[]): string {
  const raced = PAIRINGS.flatMap((pairing) => {
    const row = rows.find(
      ({ arm, store, name }) => arm === SCENARIO && store === pairing.store && name === pairingName(pairing),
    );
    return row === undefined ? [] : [{ pairing, row }];
  });
  return [
    table(
      ['scenario', 'lock', 'store', 'expected', 'verdict', 'findings'],
      raced.map(({ pairing: { scenario, lock, store, expected }, row }) => [
        `[${scenario}](../scenarios/${scenario}.yml)`,
        ...[lock, store, ...resultCells(expected, row)],
      ]),
    ),
    takenIn(raced.map(({ row }) => row)),
  ].join('\n\n');
}

/** When and where rows were measured. */
const takenIn = (rows: readonly Row[]): string =>
  [...new Set(rows.map(({ taken: { on, machine } }) => `- ${on}: ${machine.join('; ')}`))].toSorted().join('\n');
