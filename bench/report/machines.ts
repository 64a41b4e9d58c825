import { describeMachine, today } from '../machine.ts';
import type { FleetArm, MeasuredRound } from '../machines/fleet.ts';
import type { MachinesOptions } from '../machines/options.ts';
import { FAR_MS } from '../machines/redis.ts';
import { figuresOf, median, overRuns } from '../statistics.ts';
import { ms, table, times } from './markdown.ts';

/** The results of one way to race on several machines. */
export interface MachinesResult {
  readonly arm: FleetArm;
  /** The rounds of each run. */
  readonly runs: MeasuredRound[][];
}

/** What the figures depend on besides this machine. */
export interface Setting {
  readonly ground: string;
  readonly redis: string;
}

/** Three machines may spread this many times as far as one machine with as many contenders. */
const GOAL = { machines: 3, times: 2.5 } as const;

/** Whether the packets are within the spread that the report says, give or take its error. */
const holds = ({ packetsMs, reported }: MeasuredRound): boolean =>
  reported !== undefined && Math.abs(packetsMs - reported.spreadMs) <= reported.errorMs;

export const titleOf = ({ machines, release, way }: FleetArm): string =>
  machines === 1
    ? '1 machine'
    : `${machines} machines, ${way}, ${release === 'agreed' ? 'ours' : 'release at receipt'}`;

/** One line about a run, for people who wait. */
export function describeRun(rounds: readonly MeasuredRound[]): string {
  const spreads = rounds.map(({ packetsMs }) => packetsMs);
  const reported = rounds.flatMap((round) => (round.reported === undefined ? [] : [{ ...round.reported, round }]));
  const { median: middle, p90 } = figuresOf(spreads);
  const lines = [`median ${ms(middle)}, p90 ${ms(p90)} ms; ${spreads.map(ms).join(' ')}`];
  if (reported.length > 0) {
    const said = reported.map(({ spreadMs, errorMs }) => `${ms(spreadMs)}±${ms(errorMs)}`);
    lines.push(`reported ${said.join(' ')}; held in ${rounds.filter(holds).length} of ${rounds.length} rounds`);
  }
  return lines.join('\n  ');
}

interface Row {
  readonly arm: FleetArm;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly worstMs: number;
  /** The median error that the reports say. */
  readonly errorMs: number;
  readonly held: number;
  readonly rounds: number;
  readonly missing: number;
}

const rowsOf = (results: readonly MachinesResult[], { contenders, rounds }: MachinesOptions): Row[] =>
  results.map(({ arm, runs }) => {
    const all = runs.flat();
    const figures = overRuns(runs.map((run) => figuresOf(run.map(({ packetsMs }) => packetsMs))));
    return {
      arm,
      medianMs: figures.median,
      p90Ms: figures.p90,
      worstMs: figures.worst,
      errorMs: median(all.flatMap(({ reported }) => reported?.errorMs ?? [])),
      held: all.filter(holds).length,
      rounds: all.length,
      missing: runs.length * rounds * contenders - all.reduce((sum, { requests }) => sum + requests, 0),
    };
  });

const oneOf = (rows: readonly Row[]): number => rows.find(({ arm }) => arm.machines === 1)?.medianMs ?? Number.NaN;
const isOurs = ({ arm }: Row): boolean => arm.machines > 1 && arm.release === 'agreed';

/** The section of docs/benchmarks.md. */
export function machinesSection(
  results: readonly MachinesResult[],
  options: MachinesOptions,
  setting: Setting,
): string {
  const rows = rowsOf(results, options);
  const one = oneOf(rows);
  const far = FAR_MS.slice(0, Math.max(...options.machines)).join(', ');
  return [
    `Taken on ${today()} with \`${options.command}\`, ${options.contenders} contenders in all:`,
    [...describeMachine(), `Redis ${setting.redis}`, setting.ground].map((line) => `- ${line}`).join('\n'),
    table(
      [
        '',
        'median',
        'p90',
        'worst',
        'median ÷ one machine',
        'error as reported',
        'rounds within it',
        'requests missing',
      ],
      rows.map((row) => [
        titleOf(row.arm),
        ...[row.medianMs, row.p90Ms, row.worstMs].map(ms),
        times(row.medianMs / one),
        isOurs(row) ? `± ${ms(row.errorMs)}` : '',
        isOurs(row) ? `${row.held} of ${row.rounds}` : '',
        `${row.missing}`,
      ]),
    ),
    `In milliseconds, by packets. Each figure is the median over ${options.repeat} runs of ${options.rounds} rounds, except the worst. Far: a message takes ${far} ms to the machines, each way.`,
    goalTable(rows, one),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function goalTable(rows: readonly Row[], one: number): string {
  const goals = rows.filter(isOurs).flatMap((row): string[][] => {
    const ratio = row.medianMs / one;
    const isGoal = row.arm.machines === GOAL.machines && row.arm.way === 'near' && !Number.isNaN(ratio);
    const title = titleOf(row.arm);
    return [
      ...(isGoal
        ? [[`${title}: median ÷ one machine`, `≤ ${times(GOAL.times)}`, times(ratio), mark(ratio <= GOAL.times)]]
        : []),
      [`${title}: rounds within what the report says`, `${row.rounds}`, `${row.held}`, mark(row.held === row.rounds)],
    ];
  });
  return goals.length === 0 ? '' : table(['goal', 'limit', 'measured', ''], goals);
}

const mark = (isReached: boolean): string => (isReached ? '✓' : '✗');

/** The same figures, and every round, for programs. */
export function resultsAsJson(results: readonly MachinesResult[], options: MachinesOptions, setting: Setting): string {
  const { command, contenders, rounds, repeat } = options;
  const rows = rowsOf(results, options);
  const one = oneOf(rows);
  const said = rows.map(({ arm, ...figures }, index) => ({
    ...arm,
    ...figures,
    timesOne: figures.medianMs / one,
    runs: results[index]?.runs,
  }));
  return JSON.stringify(
    { command, machine: describeMachine(), ...setting, contenders, rounds, repeat, results: said },
    null,
    2,
  );
}
