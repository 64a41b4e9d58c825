import {
  type Amount,
  type Attempt,
  addUp,
  doubleBookingRateBound,
  exitCodeOf,
  type Facts,
  type Finding,
  type History,
  operationOf,
  type Round,
  type RoundSummary,
  roundsOf,
  type Strength,
  type VerdictFile,
  verdictOf,
  type Weakness,
  weakBecause,
  weaknessesOf,
  withOutcome,
} from '../model/index.ts';
import { REPORT_VERSION } from '../model/verdict-file.ts';
import { factsOf } from './facts.ts';
import { findingsByRound } from './findings-by-round.ts';
import { machinesOf } from './machines.ts';
import { booksOf, contentionOf, expectedOf, responseTimesOf, statusesOf, storedInAll, totalsOf } from './sums.ts';
import { isUnrecognised, toldBy } from './told.ts';
import { headlineOf } from './verdict-text.ts';

/** The verdict file, and what only the history knows. Every renderer gets this. */
export interface Report extends VerdictFile {
  /** By the number of the round, in the order of their release. */
  readonly attemptsByRound: ReadonlyMap<number, readonly Attempt[]>;
  readonly books: ReturnType<typeof booksOf>;
  /** The causes and fixes to show are chosen by these. */
  readonly facts: Facts;
  /** One line about the run before of the same scenario and environment; absent where there is none. */
  readonly lastRun?: string;
}

/** What the judging says besides its findings. */
export interface Remarks {
  /** What readers must know about the verdict. */
  readonly notes?: readonly string[];
  /** Units that the server holds since the race, by {@link subjectIdOf}; only where it is known. */
  readonly stored?: ReadonlyMap<string, Amount>;
  /** How close the attempts came, and what a pass does not exclude. */
  readonly closeness?: Pick<Strength, 'rivals' | 'limits'>;
  readonly controls?: Strength['controls'];
}

const UNKNOWN_CLOSENESS = { rivals: { '0.1': 0, '1': 0, '10': 0 }, limits: [] };

/** Builds the report of a history and the findings about it. Pure: the same input gives the same report. */
export function reportOf(
  history: History,
  findings: readonly Finding[],
  { notes = [], stored = new Map(), closeness = UNKNOWN_CLOSENESS, controls = [] }: Remarks = {},
): Report {
  const { run, attempts, end, problems } = history;
  const { plan, config, command, versions } = run;
  const rounds = roundsOf(plan, attempts, history.unjudged).filter(
    (round) => plan.anyItem !== true || round.attempts.length > 0,
  );
  const totals = totalsOf(attempts);
  const summaries = summariesOf(rounds, findings, weaknessesOf(history, rounds));
  const books = booksOf(plan, rounds, stored);
  const strong = summaries.filter((round) => round.requests > 0 && round.weak === undefined).length;
  const bound = doubleBookingRateBound(strong);
  const verdict = verdictOf(findings);
  const result = {
    label: run.label,
    ...(plan.words && { words: plan.words }),
    totals,
    expected: expectedOf(rounds, plan),
    promised: addUp([...books.values()].map(({ promised }) => promised)),
    stored: storedInAll(books),
    rounds: summaries,
    ...(history.machines !== undefined && { machines: machinesOf(history.machines, rounds) }),
    findings,
    rule: plan.rule,
  };
  return {
    version: REPORT_VERSION,
    runId: run.runId,
    verdict,
    exitCode: exitCodeOf(verdict, end),
    headline: headlineOf({ verdict, ...result, books }),
    env: run.env,
    target: run.target,
    scenario: run.scenario,
    ...(run.targetVersion !== undefined && { targetVersion: run.targetVersion }),
    startedAt: run.startedAt,
    durationMs: end?.atMs,
    ended: end?.reason ?? 'cut off',
    vus: plan.contenders,
    ...result,
    successRate: totals.requests === 0 ? 0 : totals.ok / totals.requests,
    statuses: statusesOf(attempts),
    refusals: toldBy(withOutcome(attempts, 'fail')),
    unrecognised: toldBy(attempts.filter(isUnrecognised)),
    responseTimeMs: responseTimesOf(attempts),
    contention: contentionOf(rounds, plan),
    strength: { rounds: strong, bound, doubleBookingRateBelow: bound, ...closeness, controls },
    problems,
    notes,
    readBack: plan.readBack ? 'on' : 'off',
    limits: plan.limits,
    config,
    command,
    versions,
    facts: factsOf(history, totals),
    books,
    attemptsByRound: new Map(rounds.map((round) => [round.number, round.attempts])),
  };
}

/** The part of a report that goes into `verdict.json`. */
export function verdictFileOf(report: Report): VerdictFile {
  const { attemptsByRound: _attempts, books: _books, facts: _facts, lastRun: _lastRun, ...file } = report;
  return file;
}

function summariesOf(
  rounds: readonly Round[],
  findings: readonly Finding[],
  weaknesses: ReadonlyMap<Round, Weakness>,
): readonly RoundSummary[] {
  const byRound = findingsByRound(findings);
  return rounds.map((round) => {
    const { ok, fail, info } = totalsOf(round.attempts);
    const weak = weakBecause(weaknesses.get(round));
    return {
      number: round.number,
      inventory: round.inventory.key,
      ...(round.visit !== undefined && { visit: round.visit }),
      capacity: round.inventory.capacity,
      requests: round.attempts.length,
      ok,
      fail,
      info,
      statuses: statusesOf(round.attempts),
      winners: withOutcome(round.attempts, 'ok')
        .filter((attempt) => operationOf(attempt) !== 'cancel')
        .map(({ vu, orderId }) => ({ vu, orderId })),
      spreadMs: round.spreadMs,
      spreadErrorMs: round.spreadErrorMs,
      offsets: round.offsets,
      overlap: round.overlap,
      findings: (byRound.get(round.number) ?? []).map(({ id }) => id),
      ...(weak.length > 0 && { weak }),
    };
  });
}
