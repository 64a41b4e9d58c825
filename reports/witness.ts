import { type Attempt, describeConclusion, describeIntent, type Finding, type Outcome } from '../model/index.ts';
import { outcomeWord } from './names.ts';
import type { Report } from './report.ts';
import { formatOffset } from './units.ts';
import { printable } from './untrusted.ts';

/**
 * One attempt of a witness as reports show it. Times are milliseconds from the first release of the attempt's round, so
 * people need not subtract; undefined for what did not happen.
 */
export interface WitnessRow {
  readonly vu: number;
  /** What the attempt asked for besides the inventory, made printable; empty in an ordinary race. */
  readonly asked: string;
  readonly round: number;
  readonly outcome: Outcome;
  /** What became of the attempt, in one word. */
  readonly result: string;
  readonly releasedMs: number | undefined;
  readonly firstByteMs: number | undefined;
  readonly doneMs: number;
  readonly isAnswered: boolean;
  /** What came back, made printable. */
  readonly said: string;
}

/** The beginning of a witness, and how many attempts are left out. */
export interface WitnessExcerpt {
  readonly rows: readonly WitnessRow[];
  readonly more: number;
}

/** Some attempts of a round as rows. `round` holds all attempts of the round, in the order of their release. */
export function rowsOf(attempts: readonly Attempt[], round: readonly Attempt[]): readonly WitnessRow[] {
  return attempts.map((attempt) => rowOf(attempt, originIn(round, attempt)));
}

/** The first attempts of a finding's witness, at most `limit`. */
export function witnessExcerpt(report: Report, { witness }: Finding, limit: number): WitnessExcerpt {
  const rows = witness.slice(0, limit).map((attempt) => rowOf(attempt, originOf(report, attempt, witness)));
  return { rows, more: Math.max(0, witness.length - limit) };
}

/** `VU 34, released at +0.12 ms, answered at +20.31 ms: 201, order 41fe88ca-…` */
export function witnessSentence({ vu, asked, releasedMs, doneMs, isAnswered, said }: WitnessRow): string {
  const start = releasedMs === undefined ? 'never released' : `released at ${formatOffset(releasedMs)} ms`;
  return `VU ${vu}${asked === '' ? '' : ` (${asked})`}, ${start}, ${isAnswered ? 'answered' : 'given up'} at ${formatOffset(doneMs)} ms: ${said}`;
}

function rowOf(attempt: Attempt, originMs: number): WitnessRow {
  const { vu, round, outcome, releasedAtMs, firstByteAtMs, completedAtMs } = attempt;
  const since = (atMs: number | undefined) => (atMs === undefined ? undefined : atMs - originMs);
  return {
    vu,
    asked: printable([attempt.instance ?? '', describeIntent(attempt)].filter((text) => text !== '').join(', ')),
    round,
    outcome,
    result: outcomeWord(attempt),
    releasedMs: since(releasedAtMs),
    firstByteMs: since(firstByteAtMs),
    doneMs: completedAtMs - originMs,
    isAnswered: attempt.answer.kind === 'answered',
    said: printable(describeConclusion(attempt)),
  };
}

/** The first release of the attempt's round. */
function originOf(report: Report, attempt: Attempt, witness: readonly Attempt[]): number {
  const known = report.attemptsByRound.get(attempt.round) ?? witness.filter((other) => other.round === attempt.round);
  return originIn(known, attempt);
}

const originIn = (round: readonly Attempt[], attempt: Attempt) =>
  round[0]?.releasedAtMs ?? attempt.releasedAtMs ?? attempt.completedAtMs;
