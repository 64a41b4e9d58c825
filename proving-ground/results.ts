import { median } from '../bench/statistics.ts';
import type { Expectation } from '../reference-api/strategy.ts';
import { type Outcome, PLUGIN } from './arms/index.ts';
import type { Size } from './race.ts';

/** When and where figures were measured. */
export interface Taken {
  /** `2026-11-24`. */
  readonly on: string;
  /** One line each: machine, system, commit. */
  readonly machine: readonly string[];
}

/** The results of one arm against one strategy, over several runs of one size: a row of docs/detection.json. */
export interface Row {
  readonly store: string;
  /** The lock, or `scenario/lock` for a scenario of the pack. */
  readonly name: string;
  /** The id of an arm, or `scenario`. */
  readonly arm: string;
  /** 0 for a scenario of the pack, which runs at the size of the demo; the same goes for `seats`. */
  readonly contenders: number;
  readonly seats: number;
  readonly runs: number;
  /** Runs with the expected result. */
  readonly asExpected: number;
  /** Runs by verdict. A run that breaks counts as `broken`. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Runs by finding. */
  readonly findings: Readonly<Record<string, number>>;
  /** The fewest and the most rounds called wrong in a run. */
  readonly caught: readonly [number, number];
  /** The median over the runs of the median spread. Absent when the arm does not measure it. */
  readonly spreadMs?: number;
  readonly taken: Taken;
}

/** The arm of rows about the scenario pack, which runs the plugin. */
export const SCENARIO = 'scenario';

/** Whether a run had the expected result. Tools other than the plugin only need to say yes or no. */
export function isAsExpected(expected: Expectation, arm: string, outcome: Outcome | undefined): boolean {
  if (outcome === undefined) return false;
  if (expected.verdict === 'pass') return outcome.verdict === 'pass';
  if (arm !== PLUGIN && arm !== SCENARIO) return outcome.verdict !== 'pass';
  // If a doubt is expected, a failure is fine too: a server that hangs is also slow.
  const isRed = expected.verdict === 'inconclusive' ? outcome.verdict !== 'pass' : outcome.verdict === expected.verdict;
  return isRed && outcome.findings.includes(expected.finding);
}

/** What a row is about. */
export interface Subject {
  readonly store: string;
  readonly name: string;
  readonly expected: Expectation;
}

/** @param outcomes one for each run; undefined for a run that broke */
export function rowOf(
  { store, name, expected }: Subject,
  arm: string,
  { contenders, seats }: Size,
  outcomes: readonly (Outcome | undefined)[],
  taken: Taken,
): Row {
  const caught = outcomes.map((outcome) => outcome?.caught ?? 0);
  const spreads = outcomes.flatMap((outcome) => outcome?.spreadMs ?? []);
  return {
    store,
    name,
    arm,
    contenders,
    seats,
    runs: outcomes.length,
    asExpected: outcomes.filter((outcome) => isAsExpected(expected, arm, outcome)).length,
    verdicts: tally(outcomes.map((outcome) => outcome?.verdict ?? 'broken')),
    findings: tally(outcomes.flatMap((outcome) => outcome?.findings ?? [])),
    caught: [Math.min(...caught), Math.max(...caught)],
    ...(spreads.length > 0 && { spreadMs: Number(median(spreads).toFixed(2)) }),
    taken,
  };
}

/** Counts words, the most frequent first. */
function tally(words: readonly string[]): Record<string, number> {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, same]) => [word, same.length] as const);
  return Object.fromEntries(counts.toSorted(([, a], [, b]) => b - a));
}

/** What a row is of: a strategy, an arm and a size. */
export type RowKey = Pick<Row, 'store' | 'name' | 'arm' | 'contenders' | 'seats'>;

const keyOf = (row: RowKey): string => [row.store, row.name, row.arm, row.contenders, row.seats].join(' ');

/** New rows replace old rows of the same strategy, arm and size; all other rows stay. */
export const merged = (old: readonly Row[], fresh: readonly Row[]): Row[] => [
  ...new Map([...old, ...fresh].map((row) => [keyOf(row), row])).values(),
];

/**
 * Finds the row that has at least so many runs on this very machine and commit, so that a long measurement can go on. A row
 * with a run that broke is measured again.
 */
export const measuredRow = (
  rows: readonly Row[],
  wanted: RowKey,
  runs: number,
  machine: readonly string[],
): Row | undefined =>
  rows.find(
    (row) =>
      keyOf(row) === keyOf(wanted) &&
      row.runs >= runs &&
      row.verdicts.broken === undefined &&
      row.taken.machine.join('\n') === machine.join('\n'),
  );
