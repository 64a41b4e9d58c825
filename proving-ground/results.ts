import { median } from '../bench/statistics.ts';
import type { Expectation } from '../reference-api/strategy.ts';
import { type Outcome, PLUGIN } from './arms/index.ts';
import type { Entrant, Size } from './race.ts';

/** When and where figures were taken. */
export interface Taken {
  /** `2026-11-24`. */
  readonly on: string;
  /** In one line each: machine, system, commit. */
  readonly machine: readonly string[];
}

/** What one arm made of one strategy, over several runs of one size: a row of docs/detection.json. */
export interface Row {
  readonly store: string;
  readonly name: string;
  readonly arm: string;
  readonly contenders: number;
  readonly seats: number;
  readonly runs: number;
  /** Runs that came to what they should. */
  readonly asExpected: number;
  /** How many runs came to each. A run that did not come to an end is `broken`. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** In how many runs each was found. */
  readonly findings: Readonly<Record<string, number>>;
  /** The fewest and the most rounds accused in a run. */
  readonly caught: readonly [number, number];
  /** The median over the runs of their median spread; absent where the arm cannot tell. */
  readonly spreadMs?: number;
  readonly taken: Taken;
}

/** Whether a run of an arm came to what it should. Of other tools, only that they say yes or no is asked. */
export function isAsExpected(expected: Expectation, arm: string, outcome: Outcome | undefined): boolean {
  if (outcome === undefined) return false;
  if (expected.verdict === 'pass') return outcome.verdict === 'pass';
  if (arm !== PLUGIN) return outcome.verdict !== 'pass';
  // What shows only as a doubt may show as more: a hanging server is slow as well.
  const isRed = expected.verdict === 'inconclusive' ? outcome.verdict !== 'pass' : outcome.verdict === expected.verdict;
  return isRed && outcome.findings.includes(expected.finding);
}

/** @param outcomes of the runs; undefined for one that did not come to an end */
export function rowOf(
  { store, name, lock }: Entrant,
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
    asExpected: outcomes.filter((outcome) => isAsExpected(lock.expected, arm, outcome)).length,
    verdicts: tally(outcomes.map((outcome) => outcome?.verdict ?? 'broken')),
    findings: tally(outcomes.flatMap((outcome) => outcome?.findings ?? [])),
    caught: [Math.min(...caught), Math.max(...caught)],
    ...(spreads.length > 0 && { spreadMs: Number(median(spreads).toFixed(2)) }),
    taken,
  };
}

/** Counts, the most frequent first. */
export function tally(words: readonly string[]): Record<string, number> {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, its]) => [word, its.length] as const);
  return Object.fromEntries(counts.toSorted(([, a], [, b]) => b - a));
}

/** New rows take the place of old ones of the same strategy, arm and size; the others stay. */
export function merged(old: readonly Row[], fresh: readonly Row[]): Row[] {
  const keyOf = (row: Row) => [row.store, row.name, row.arm, row.contenders, row.seats].join(' ');
  return [...new Map([...old, ...fresh].map((row) => [keyOf(row), row])).values()];
}
