import { sum } from '../../model/statistics.ts';
import { figuresOf, median, overRuns } from '../statistics.ts';
import type { PeerRun } from './measure.ts';
import type { PeerName } from './names.ts';
import type { TargetName } from './target/index.ts';

/** All runs of a tool. */
export interface PeerRuns {
  readonly name: PeerName;
  readonly lines: number;
  /** Against the target that checks and sells in one step, with packets. */
  readonly right: readonly PeerRun[];
  /** Against the target with windows. */
  readonly wrong: readonly PeerRun[];
}

/** The figures of a tool, as `--json` prints them: medians over the runs. */
export interface PeerFigures {
  readonly name: PeerName;
  readonly target: TargetName;
  readonly contenders: number;
  /** All null where no packets were captured. */
  readonly spreadMs: { readonly median: Figure; readonly p90: Figure; readonly first: Figure };
  /** Requests that the target never got, in all runs. */
  readonly missing: number;
  readonly wallS: Figure;
  readonly cpuS: Figure;
  readonly rssMb: Figure;
  readonly lines: number;
  /** After the last run against the target that sells twice. */
  readonly exitCode: number;
  readonly detection: readonly Detection[];
}

/** null where it could not be measured. */
type Figure = number | null;

/** How many rounds at one width of the window sold the seat more than once. */
export interface Detection {
  readonly windowMs: number;
  readonly rounds: number;
  readonly caught: number;
  /** How many contenders got the seat, in the mean over all rounds. */
  readonly winners: number;
}

/** @param windowsUs all widths that were raced @param rounds at each width in a run */
export function peerFigures(
  { name, lines, right, wrong }: PeerRuns,
  setting: { readonly target: TargetName; readonly contenders: number; readonly rounds: number },
  windowsUs: readonly number[],
): PeerFigures {
  const middle = (pick: (run: PeerRun) => number) => rounded(median(right.map(pick)));
  return {
    name,
    target: setting.target,
    contenders: setting.contenders,
    spreadMs: spreadOf(right),
    missing: sum([...right, ...wrong].map((run) => run.missing)),
    wallS: middle((run) => run.wallS),
    cpuS: middle((run) => run.cpuS),
    rssMb: middle((run) => run.rssMb),
    lines,
    exitCode: wrong.at(-1)?.exitCode ?? 0,
    detection: windowsUs.map((us) => detectionAt(us, wrong, setting.rounds * wrong.length)),
  };
}

/** A round in which the tool sent nothing has no spread, and is counted as missing requests. */
function spreadOf(runs: readonly PeerRun[]): PeerFigures['spreadMs'] {
  const captured = runs.flatMap(({ spreadsMs }) => (spreadsMs === undefined ? [] : [spreadsMs]));
  const seen = captured.filter((spreads) => spreads.some(Number.isFinite));
  if (seen.length === 0) return { median: null, p90: null, first: null };
  const figures = overRuns(
    seen.map((spreads) => ({ ...figuresOf(spreads.filter(Number.isFinite)), first: spreads[0] ?? Number.NaN })),
  );
  return { median: rounded(figures.median), p90: rounded(figures.p90), first: rounded(figures.first) };
}

/** A round that the target never heard of caught nothing. */
function detectionAt(us: number, runs: readonly PeerRun[], rounds: number): Detection {
  const sold = runs.flatMap((run) => run.rounds.filter(({ windowUs }) => windowUs === us).map((round) => round.sold));
  const winners = rounded(sum(sold) / rounds) ?? 0;
  return { windowMs: us / 1000, rounds, caught: sold.filter((count) => count > 1).length, winners };
}

/** How many runs there were, and how many of them sold the first seat more than once: what they raced for when they were cold. */
export function firstRoundsOf(runs: readonly PeerRun[]): FirstRounds {
  const caught = runs.filter(({ rounds }) => rounds.some(({ round, sold }) => round === 1 && sold > 1)).length;
  return { runs: runs.length, caught };
}

export interface FirstRounds {
  readonly runs: number;
  readonly caught: number;
}

const rounded = (value: number): Figure => (Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null);
