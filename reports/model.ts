import {
  type Attempt,
  doubleBookingRateBound,
  EXIT_CODES,
  type Finding,
  type History,
  type Offsets,
  type Outcome,
  offsetsOf,
  type Plan,
  type Round,
  type Rule,
  type RunRecord,
  responseTimesMs,
  roundsOf,
  ruleOf,
  statusOf,
  type Verdict,
  verdictOf,
  withOutcome,
} from '../model/index.ts';

/** The version of `verdict.json`; it goes up when a reader of the old form would be misled. */
export const REPORT_VERSION = 1;

/**
 * What `verdict.json` holds: everything that a report says, but for the single attempts, which `history.jsonl` holds.
 * Times are milliseconds; `responseTimeMs` runs from an attempt's release to its completed answer.
 */
export interface VerdictFile {
  readonly version: typeof REPORT_VERSION;
  readonly runId: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly env: string;
  readonly target: string;
  readonly scenario: string;
  /** What an inventory is called in sentences: `seat`, `slot`, `room`. */
  readonly label: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Length of the run on its own clock; undefined where the history was cut off. */
  readonly durationMs: number | undefined;
  readonly ended: 'completed' | 'interrupted' | 'cut off';
  readonly vus: number;
  readonly totals: Totals;
  /** What a right answer to this plan would have been. */
  readonly expected: Expected;
  /** Successes by requests, 0..1. */
  readonly successRate: number;
  /** How often each status came, by status; attempts without an answer are not in it. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly responseTimeMs: ResponseTimes;
  readonly contention: Contention;
  readonly strength: Strength;
  readonly rounds: readonly RoundSummary[];
  readonly findings: readonly Finding[];
  readonly problems: readonly string[];
  readonly readBack: 'off' | 'on';
  /** What the run was judged by; undefined for an ordinary race. */
  readonly rule: Rule | undefined;
  readonly limits: RunRecord['plan']['limits'];
  readonly config: RunRecord['config'];
  readonly command: string;
  readonly versions: RunRecord['versions'];
}

export interface Totals {
  readonly requests: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}

/** Where a rule leaves more than one right answer, how many get it is not known: undefined. */
export type Expected = Pick<Totals, 'requests' | 'info'> & {
  readonly [K in 'ok' | 'fail']: Totals[K] | undefined;
};

/** Nearest-rank percentiles; all undefined where nothing was answered. */
export interface ResponseTimes {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

/** Spreads are of what was not planned: where contenders were let go at offsets, how far they were off these. */
export interface Contention {
  readonly medianSpreadMs: number | undefined;
  readonly worstSpreadMs: number | undefined;
  /** How the offsets of all rounds that have them were kept; undefined where none has. */
  readonly offsets: Omit<Offsets, 'plannedMs'> | undefined;
  readonly smallestOverlap: number;
}

/** With no double booking in `rounds` contended rounds, its rate per round is below this, with 95 % confidence. */
export interface Strength {
  readonly rounds: number;
  readonly doubleBookingRateBelow: number;
}

export interface RoundSummary {
  readonly number: number;
  readonly inventory: string;
  readonly capacity: number;
  readonly requests: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** How often each status came in this round; attempts without an answer are not in it. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly winners: readonly { readonly vu: number; readonly orderId: string | undefined }[];
  readonly spreadMs: number | undefined;
  /** How its offsets were kept; undefined where the contenders were to be let go at once. */
  readonly offsets: Offsets | undefined;
  readonly overlap: number;
  readonly findings: readonly Finding['id'][];
}

/** The verdict file and the rounds with their attempts: what every renderer is given. */
export interface Report extends VerdictFile {
  readonly attemptsByRound: ReadonlyMap<number, readonly Attempt[]>;
}

/** The report of a history that was judged. Pure: the same history and findings give the same report. */
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
    exitCode: EXIT_CODES[verdict],
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
    attemptsByRound: new Map(rounds.map((round) => [round.number, round.attempts])),
  };
}

/** The part of a report that goes into `verdict.json`. */
export function verdictFileOf(report: Report): VerdictFile {
  const { attemptsByRound: _, ...file } = report;
  return file;
}

function totalsOf(attempts: readonly Attempt[]): Totals {
  const count = (outcome: Outcome) => withOutcome(attempts, outcome).length;
  return { requests: attempts.length, ok: count('ok'), fail: count('fail'), info: count('info') };
}

function keptOffsetsOf(rounds: readonly Round[]): Contention['offsets'] {
  const its = offsetsOf(rounds.filter(({ offsets }) => offsets !== undefined).flatMap((round) => round.attempts));
  if (its === undefined) return undefined;
  const { medianDeviationMs, worstDeviationMs } = its;
  return { medianDeviationMs, worstDeviationMs };
}

/** The part of a round's spread that nobody planned. */
export const unplannedSpreadMs = ({ spreadMs, offsets }: Pick<Round, 'spreadMs' | 'offsets'>): number | undefined =>
  offsets?.worstDeviationMs ?? spreadMs;

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

/** A finding about a place may be proven by what was done in a later round there: both are not as they should be. */
export function roundsConcerned({ round, witness }: Finding): ReadonlySet<number> {
  return new Set(round === undefined ? [] : [round, ...witness.map((attempt) => attempt.round)]);
}

/** By round number, what was found about it. */
export function findingsByRound(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const byRound = new Map<number, Finding[]>();
  for (const finding of findings) {
    for (const number of roundsConcerned(finding)) {
      const its = byRound.get(number);
      if (its === undefined) byRound.set(number, [finding]);
      else its.push(finding);
    }
  }
  return byRound;
}

/** Nearest-rank percentile of an ascending list; undefined for an empty one. */
export function percentile(ascending: ArrayLike<number>, share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)];
}
