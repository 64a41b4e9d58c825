import {
  type Attempt,
  addUp,
  doubleBookingRateBound,
  exitCodeOf,
  type Facts,
  type Finding,
  type FoldedHistory,
  racedIn,
  type VerdictFile,
  verdictOf,
} from '../model/index.ts';
import { REPORT_VERSION } from '../model/verdict-file.ts';
import { factsOf } from './facts.ts';
import { machinesOf } from './machines.ts';
import {
  addedUp,
  contentionOf,
  type Remarks,
  type RoundSums,
  reportedRounds,
  responseTimesOf,
  sumsOf,
} from './round-sums.ts';
import { storedInAll } from './sums.ts';
import { headlineOf } from './verdict-text.ts';

export type { Remarks };

/** The verdict file, and what only the history knows. Every renderer gets this. */
export interface Report extends VerdictFile {
  /** By the number of the round, in the order of their release. Of a very long run, only rounds that matter are in it. */
  readonly attemptsByRound: ReadonlyMap<number, readonly Attempt[]>;
  readonly books: RoundSums['books'];
  /** How long the answers took, by outcome, ascending. Of all rounds. */
  readonly timesMs: RoundSums['timesMs'];
  /** The causes and fixes to show are chosen by these. */
  readonly facts: Facts;
  /** One line about the run before of the same scenario and environment; absent where there is none. */
  readonly lastRun?: string;
}

/**
 * Builds the report of a history and the findings about it. Pure: the same input gives the same report.
 *
 * @param folded what adds up over rounds whose attempts the history does not hold
 * @param raced the rounds of the history
 */
export function reportOf(
  history: FoldedHistory,
  findings: readonly Finding[],
  remarks: Remarks = {},
  folded: readonly RoundSums[] = [],
  raced = racedIn(history),
): Report {
  const { run, end, problems } = history;
  const { plan, config, command, versions } = run;
  const { notes = [], controls = [] } = remarks;
  const rounds = reportedRounds(history, raced);
  const own = sumsOf(history, findings, remarks, raced);
  const sums = folded.length === 0 ? own : addedUp([own, ...folded]);
  const { totals, books, closeness, timesMs } = sums;
  const strong = sums.rounds.filter((round) => round.requests > 0 && round.weak === undefined).length;
  const bound = doubleBookingRateBound(strong);
  const verdict = verdictOf(findings);
  const result = {
    label: run.label,
    ...(plan.words && { words: plan.words }),
    totals,
    expected: sums.expected,
    promised: addUp([...books.values()].map(({ promised }) => promised)),
    stored: storedInAll(books),
    rounds: sums.rounds,
    ...(history.machines !== undefined && { machines: machinesOf(history.machines, rounds) }),
    findings,
    rule: plan.rule,
  };
  const ended = end?.reason ?? 'cut off';
  return {
    version: REPORT_VERSION,
    runId: run.runId,
    verdict,
    exitCode: exitCodeOf(verdict, end),
    headline: headlineOf({ verdict, ...result, books, ended, oneAtATime: plan.oneAtATime }),
    env: run.env,
    target: run.target,
    scenario: run.scenario,
    ...(run.targetVersion !== undefined && { targetVersion: run.targetVersion }),
    startedAt: run.startedAt,
    durationMs: end?.atMs,
    ended,
    vus: plan.contenders,
    ...result,
    successRate: totals.requests === 0 ? 0 : totals.ok / totals.requests,
    statuses: sums.statuses,
    refusals: sums.refusals,
    unrecognised: sums.unrecognised,
    responseTimeMs: responseTimesOf(timesMs),
    contention: contentionOf(sums, plan),
    strength: { rounds: strong, bound, doubleBookingRateBelow: bound, ...closeness, controls },
    problems,
    notes,
    readBack: plan.readBack ? 'on' : 'off',
    limits: plan.limits,
    config,
    command,
    versions,
    facts: { ...factsOf(history, totals), statuses: new Set(Object.keys(sums.statuses).map(Number)), ...sums.facts },
    books,
    timesMs,
    attemptsByRound: new Map(rounds.map((round) => [round.number, round.attempts])),
  };
}

/** The part of a report that goes into `verdict.json`. */
export function verdictFileOf(report: Report): VerdictFile {
  const {
    attemptsByRound: _attempts,
    books: _books,
    facts: _facts,
    timesMs: _times,
    lastRun: _lastRun,
    ...file
  } = report;
  return file;
}
