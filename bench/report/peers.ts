import { plural } from '../../model/statistics.ts';
import { today } from '../machine.ts';
import { type Cores, describeCores } from '../peers/cores.ts';
import type { PeerRun } from '../peers/measure.ts';
import type { PeerName } from '../peers/names.ts';
import type { PeersOptions } from '../peers/options.ts';
import type { Detection, FirstRounds, PeerFigures } from '../peers/results.ts';
import { TARGET_TITLES } from '../peers/target/index.ts';
import { TOOLS } from '../peers/tools.ts';
import { chanceOfSoFew, median, quantile } from '../statistics.ts';
import { ms, percent, table, times } from './markdown.ts';

/** What `bench:peers` found out. */
export interface PeersReport {
  readonly machine: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly cores: Cores;
  /** What could not be measured, and why. */
  readonly note?: string;
  readonly arms: readonly PeerFigures[];
  /** The exit code of each tool against the target that sells nothing twice, in the order of the arms. */
  readonly rightExitCodes: readonly number[];
  /** What each tool sold more than once when it was cold, in the order of the arms. */
  readonly firstRounds: readonly FirstRounds[];
  /** How long each window really was, in all rounds. */
  readonly windows: readonly { readonly us: number; readonly tookMs: readonly number[] }[];
  readonly skipped: readonly { readonly name: PeerName; readonly install: string }[];
}

/** One line about a run, for people who watch. */
export function describePeerRun({ spreadsMs, missing, wallS, cpuS, rssMb, exitCode, rounds, output }: PeerRun): string {
  const spread =
    spreadsMs === undefined ? '' : `spread ${ms(median(spreadsMs))} ms, first ${ms(spreadsMs[0] ?? Number.NaN)}; `;
  const caught = `${rounds.filter(({ sold }) => sold > 1).length} of ${rounds.length} rounds sold more than once`;
  const cost = `${wallS.toFixed(1)} s, CPU ${cpuS.toFixed(1)} s, ${Math.round(rssMb)} MB, exit code ${exitCode}`;
  const lost = missing === 0 ? '' : `; ${missing} requests missing. It said:\n${output.slice(-500)}`;
  return `  ${spread}${caught}; ${cost}${lost}`;
}

/** The section of docs/benchmarks.md. */
export function peersSection(report: PeersReport, options: PeersOptions): string {
  const { machine, versions, cores, note, skipped } = report;
  const facts = [
    ...machine,
    Object.entries(versions)
      .filter(([name]) => name !== 'node')
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    describeCores(cores),
    ...skipped.map(({ name, install }) => `not installed: ${name} (\`${install}\`)`),
    ...(note === undefined ? [] : [note]),
  ];
  return [
    `Taken on ${today()} with \`${options.command}\`, ${options.contenders} contenders, target in ${TARGET_TITLES[options.target]}:`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    costTable(report),
    `Medians over ${plural(options.repeat, 'run')} of ${plural(options.rounds, 'round')}; missing: in all runs, those with windows too. Spread in milliseconds, by packets; 0: all requests left in one packet. Exit code: where nothing is sold twice, and where it is.`,
    `Share of rounds that sold a seat more than once (${options.repeat * options.rounds} rounds of each), and in brackets how many got it in the mean. The last column has the first rounds alone, in which a tool is cold:`,
    detectionTable(report),
    measuredWindows(report),
    goalTable(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function costTable({ arms, rightExitCodes }: PeersReport): string {
  const number = (value: number | null | undefined, digits = 1) => value?.toFixed(digits) ?? '–';
  return table(
    ['', 'median', 'p90', 'first round', 'missing', 'wall s', 'CPU s', 'memory MB', 'lines', 'exit codes'],
    arms.map((arm, index) => [
      TOOLS[arm.name].title,
      ...[arm.spreadMs.median, arm.spreadMs.p90, arm.spreadMs.first].map((value) => ms(value ?? Number.NaN)),
      `${arm.missing}`,
      number(arm.wallS),
      number(arm.cpuS),
      number(arm.rssMb, 0),
      `${arm.lines}`,
      `${rightExitCodes[index]}, ${arm.exitCode}`,
    ]),
  );
}

function detectionTable({ arms, windows, firstRounds }: PeersReport): string {
  return table(
    ['window', ...windows.map(({ us }) => `${us / 1000} ms`), 'first rounds'],
    arms.map(({ name, detection }, index) => [
      TOOLS[name].title,
      ...detection.map(
        (at) => `${percent(shareOf(at))} (${at.winners < 9.95 ? at.winners.toFixed(1) : Math.round(at.winners)})`,
      ),
      ofRuns(firstRounds[index]),
    ]),
  );
}

const ofRuns = (rounds: FirstRounds | undefined): string => `${rounds?.caught ?? 0} of ${rounds?.runs ?? 0}`;

const shareOf = ({ caught, rounds }: Detection): number => (rounds === 0 ? Number.NaN : caught / rounds);

/** The widths that the target can express: the answer of the database has its way, and two processes have to wake up. */
function measuredWindows({ windows }: PeersReport): string {
  const measured = windows
    .filter(({ tookMs }) => tookMs.length > 0)
    .map(({ us, tookMs }) => `${us / 1000} ms: ${ms(quantile(tookMs, 0.1))} to ${ms(quantile(tookMs, 0.9))} ms`);
  return measured.length === 0
    ? ''
    : `What the target made of the windows, from the first question to the first sale, 10th to 90th percentile: ${measured.join('; ')}.`;
}

/** The most that ours may be, against the others. */
const LIMITS = { firstRound: 1.3, byHand: 1.1, cost: 1.2, moreS: 1, chance: 0.05 } as const;
/** From this many contenders on, p90 is compared with that by hand. */
const MANY = 1000;
/** The cost is compared for a race of this size. */
const USUAL = 100;
/** Below this, a spread is the resolution of the clock and one write: comparing two of them says nothing. */
const LEAST_MS = 0.05;

function goalTable({ arms, firstRounds }: PeersReport): string {
  const stock = arms.find(({ name }) => name === 'stock');
  const byHand = arms.find(({ name }) => name === 'by-hand');
  const ours = arms.filter(({ name }) => name.startsWith('ours'));
  const goals = ours.flatMap((arm) => [
    ...firstRoundGoal(arm),
    ...(arm.contenders >= MANY
      ? ratioGoal(arm, 'p90 ÷ by hand', arm.spreadMs.p90, byHand?.spreadMs.p90, LIMITS.byHand)
      : []),
    ...(arm.contenders === USUAL ? costGoals(arm, stock) : []),
    ...arm.detection.flatMap((at, index) => detectionGoal(arm, at, arms, index)),
    ...coldGoal(arm, arms, firstRounds),
  ]);
  if (goals.length === 0) return '';
  const isNear = goals.some((cells) => cells.includes(NEAR));
  return [table(['goal', 'limit', 'measured', ''], goals), ...(isNear ? [NEAR_MEANS] : [])].join('\n\n');
}

const NEAR = '≈';
const NEAR_MEANS = `${NEAR}: lower than the best of the others, but so large a difference comes by chance in more than one of twenty comparisons (Fisher's exact test, one-sided).`;

const costGoals = (arm: PeerFigures, stock: PeerFigures | undefined): string[][] => [
  ...ratioGoal(arm, 'CPU ÷ Artillery', arm.cpuS, stock?.cpuS, LIMITS.cost),
  ...ratioGoal(arm, 'memory ÷ Artillery', arm.rssMb, stock?.rssMb, LIMITS.cost),
  ...wallGoal(arm, stock),
];

type Value = number | null | undefined;
const mark = (isReached: boolean): string => (isReached ? '✓' : '✗');
const titleOf = ({ name }: PeerFigures): string => TOOLS[name].title;

function firstRoundGoal(arm: PeerFigures): string[][] {
  const median = Math.max(arm.spreadMs.median ?? Number.NaN, LEAST_MS);
  return ratioGoal(arm, 'first round ÷ median', arm.spreadMs.first, median, LIMITS.firstRound);
}

function ratioGoal(arm: PeerFigures, what: string, ours: Value, theirs: Value, limit: number): string[][] {
  const ratio = (ours ?? Number.NaN) / (theirs ?? Number.NaN);
  if (Number.isNaN(ratio)) return [];
  return [[`${titleOf(arm)}: ${what}`, `≤ ${times(limit)}`, times(ratio), mark(ratio <= limit)]];
}

function wallGoal(arm: PeerFigures, stock: PeerFigures | undefined): string[][] {
  if (arm.wallS === null || stock?.wallS == null) return [];
  const limit = stock.wallS + LIMITS.moreS;
  return [[`${titleOf(arm)}: wall`, `≤ ${limit.toFixed(1)} s`, `${arm.wallS.toFixed(1)} s`, mark(arm.wallS <= limit)]];
}

function detectionGoal(arm: PeerFigures, at: Detection, arms: readonly PeerFigures[], index: number): string[][] {
  const others = arms.filter(({ name }) => !name.startsWith('ours')).flatMap(({ detection }) => detection[index] ?? []);
  const best = others.toSorted((a, b) => shareOf(b) - shareOf(a))[0];
  if (best === undefined) return [];
  const isReached = shareOf(at) >= shareOf(best);
  const isChance = chanceOfSoFew(asShare(at), asShare(best)) >= LIMITS.chance;
  const limits = [`≥ ${percent(shareOf(best))}`, percent(shareOf(at)), !isReached && isChance ? NEAR : mark(isReached)];
  return [[`${titleOf(arm)}: detection at ${at.windowMs} ms`, ...limits]];
}

/** The first rounds, of all widths together. */
function coldGoal(arm: PeerFigures, arms: readonly PeerFigures[], firstRounds: readonly FirstRounds[]): string[][] {
  const others = firstRounds.filter((_, index) => !arms[index]?.name.startsWith('ours'));
  const best = others.toSorted((a, b) => b.caught - a.caught)[0];
  const own = firstRounds[arms.indexOf(arm)];
  if (best === undefined || own === undefined) return [];
  return [
    [`${titleOf(arm)}: detection in first rounds`, `≥ ${ofRuns(best)}`, ofRuns(own), mark(own.caught >= best.caught)],
  ];
}

const asShare = ({ caught, rounds }: Detection) => ({ hits: caught, tries: rounds });
