import {
  type Attempt,
  type Contention,
  doubleBookingRateBound,
  type Expected,
  exitCodeOf,
  type Facts,
  type Finding,
  type History,
  type Outcome,
  offsetsOf,
  type Plan,
  percentile,
  type ResponseTimes,
  type Round,
  type RoundSummary,
  responseTimesMs,
  roundsOf,
  ruleOf,
  statusOf,
  type Totals,
  type VerdictFile,
  verdictOf,
  withOutcome,
} from '../model/index.ts';
import { REPORT_VERSION } from '../model/verdict-file.ts';
import { unplannedSpreadMs } from './contention.ts';
import { factsOf } from './facts.ts';
import { findingsByRound } from './findings-by-round.ts';

/** The verdict file, and what only the history knows. Every renderer gets this. */
export interface Report extends VerdictFile {
  /** By the number of the round, in the order of their release. */
  readonly attemptsByRound: ReadonlyMap<number, readonly Attempt[]>;
  /** By these, causes are chosen. */
  readonly facts: Facts;
}

/** Builds the report of a history and the findings about it. Pure: the same input gives the same report. */
export function reportOf(history: History, findings: readonly Finding[]): Report {
  const { run, attempts, end } = history;
  const { plan } = run;
  const rounds = roundsOf(plan, attempts);
  const verdict = verdictOf(findings);
  const totals = totalsOf(attempts);
  const spreads = rounds.flatMap((round) => unplannedSpreadMs(round) ?? []).toSorted((a, b) => a - b);
  const byRound = findingsByRound(findings);
  const contended = rounds.filter((round) => round.attempts.length > 0);
  return {
    version: REPORT_VERSION,
    runId: run.runId,
    verdict,
    exitCode: exitCodeOf(verdict, end),
    env: run.env,
    target: run.target,
    scenario: run.scenario,
    label: run.label,
    startedAt: run.startedAt,
    durationMs: end?.atMs,
    ended: end?.reason ?? 'cut off',
    vus: plan.contenders,
    totals,
    expected: expectedOf(rounds, plan),
    successRate: totals.requests === 0 ? 0 : totals.ok / totals.requests,
    statuses: statusesOf(attempts),
    responseTimeMs: responseTimesOf(attempts),
    contention: {
      medianSpreadMs: percentile(spreads, 0.5),
      worstSpreadMs: spreads.at(-1),
      offsets: keptOffsetsOf(rounds),
      smallestOverlap: Math.min(...rounds.map((round) => round.overlap), plan.contenders),
    },
    strength: { rounds: contended.length, doubleBookingRateBelow: doubleBookingRateBound(contended.length) },
    rounds: rounds.map((round) => summaryOf(round, byRound.get(round.number) ?? [])),
    findings,
    problems: history.problems,
    readBack: plan.readBack ? 'on' : 'off',
    rule: plan.rule,
    limits: plan.limits,
    config: run.config,
    command: run.command,
    versions: run.versions,
    facts: factsOf(history, totals),
    attemptsByRound: new Map(rounds.map((round) => [round.number, round.attempts])),
  };
}

/** The part of a report that goes into `verdict.json`. */
export function verdictFileOf(report: Report): VerdictFile {
  const { attemptsByRound: _attempts, facts: _facts, ...file } = report;
  return file;
}

function totalsOf(attempts: readonly Attempt[]): Totals {
  const count = (outcome: Outcome) => withOutcome(attempts, outcome).length;
  return { requests: attempts.length, ok: count('ok'), fail: count('fail'), info: count('info') };
}

/** How well the releases of all rounds with offsets kept to their plan; undefined if no round has offsets. */
function keptOffsetsOf(rounds: readonly Round[]): Contention['offsets'] {
  const offsets = offsetsOf(rounds.filter((round) => round.offsets !== undefined).flatMap((round) => round.attempts));
  if (offsets === undefined) return undefined;
  const { medianDeviationMs, worstDeviationMs } = offsets;
  return { medianDeviationMs, worstDeviationMs };
}

function expectedOf(rounds: readonly Round[], { contenders, rule }: Plan): Expected {
  const requests = rounds.length * contenders;
  if (!ruleOf({ rule }).isSoldOut) return { requests, ok: undefined, fail: undefined, info: 0 };
  const ok = rounds.reduce((sum, round) => sum + Math.min(round.inventory.capacity, contenders), 0);
  return { requests, ok, fail: requests - ok, info: 0 };
}

function statusesOf(attempts: readonly Attempt[]): Record<string, number> {
  const counts = new Map<number, number>();
  for (const attempt of attempts) {
    const status = statusOf(attempt);
    if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a - b));
}

function responseTimesOf(attempts: readonly Attempt[]): ResponseTimes {
  const times = responseTimesMs(attempts);
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    max: times.at(-1),
  };
}

function summaryOf(round: Round, findings: readonly Finding[]): RoundSummary {
  const { ok, fail, info } = totalsOf(round.attempts);
  return {
    number: round.number,
    inventory: round.inventory.key,
    capacity: round.inventory.capacity,
    requests: round.attempts.length,
    ok,
    fail,
    info,
    statuses: statusesOf(round.attempts),
    winners: withOutcome(round.attempts, 'ok').map((attempt) => ({ vu: attempt.vu, orderId: attempt.orderId })),
    spreadMs: round.spreadMs,
    offsets: round.offsets,
    overlap: round.overlap,
    findings: findings.map((finding) => finding.id),
  };
}
