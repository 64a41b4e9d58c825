import {
  type Amount,
  type Attempt,
  ascending,
  type Contention,
  deviationMs,
  type Expected,
  type Facts,
  type Finding,
  type FoldedHistory,
  maxOf,
  type Outcome,
  operationOf,
  type Plan,
  percentile,
  type Raced,
  type ResponseTimes,
  type Round,
  type RoundSummary,
  racedIn,
  responseTimesMs,
  type Strength,
  sum,
  type Told,
  type Totals,
  type Weakness,
  weakBecause,
  withOutcome,
} from '../model/index.ts';
import { unplannedSpreadMs } from './contention.ts';
import { factsOf } from './facts.ts';
import { findingsByRound } from './findings-by-round.ts';
import { type Book, booksOf, expectedOf, statusesOf, totalsOf } from './sums.ts';
import { isUnrecognised, mostFrequentFirst, toldBy } from './told.ts';

/** What the judging says besides its findings. */
export interface Remarks {
  /** What readers must know about the verdict. */
  readonly notes?: readonly string[];
  /** Units that the server holds since the race, by {@link subjectIdOf}; only where it is known. */
  readonly stored?: ReadonlyMap<string, Amount>;
  /** How close the attempts came, and what a pass does not exclude. */
  readonly closeness?: Closeness;
  readonly controls?: Strength['controls'];
}

type Closeness = Pick<Strength, 'rivals' | 'limits'>;

/** All of a report that adds up over rounds: that of a long run is made of one for each visit. */
export interface RoundSums {
  readonly rounds: readonly RoundSummary[];
  readonly totals: Totals;
  readonly expected: Expected;
  /** By {@link subjectIdOf}. */
  readonly books: ReadonlyMap<string, Book>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly refusals: readonly Told[];
  readonly unrecognised: readonly Told[];
  /** How long the answers took, ascending. */
  readonly timesMs: Readonly<Record<Outcome, Float64Array>>;
  /** How far releases at offsets were off their plan, ascending. */
  readonly deviationsMs: Float64Array;
  readonly closeness: Closeness;
  readonly facts: Pick<Facts, 'unknown' | 'wasFree'>;
}

const OUTCOMES = ['ok', 'fail', 'info'] as const satisfies readonly Outcome[];
const UNKNOWN_CLOSENESS = { rivals: { '0.1': 0, '1': 0, '10': 0 }, limits: [] };

/** The rounds that are reported: where each contender goes for whatever it likes, nobody may have gone for something. */
export const reportedRounds = ({ run }: FoldedHistory, { rounds }: Raced): readonly Round[] =>
  rounds.filter((round) => run.plan.anyItem !== true || round.attempts.length > 0);

/**
 * What a history and the findings about it add up to.
 *
 * @param raced the rounds of the history
 */
export function sumsOf(
  history: FoldedHistory,
  findings: readonly Finding[],
  { stored = new Map(), closeness = UNKNOWN_CLOSENESS }: Remarks,
  raced = racedIn(history),
): RoundSums {
  const { run, attempts } = history;
  const rounds = reportedRounds(history, raced);
  const totals = totalsOf(attempts);
  const { unknown, wasFree } = factsOf(history, totals);
  return {
    rounds: summariesOf(rounds, findings, raced.weaknesses),
    totals,
    expected: expectedOf(rounds, run.plan),
    books: booksOf(run.plan, rounds, stored),
    statuses: statusesOf(attempts),
    refusals: toldBy(withOutcome(attempts, 'fail')),
    unrecognised: toldBy(attempts.filter(isUnrecognised)),
    timesMs: perOutcome((outcome) => responseTimesMs(withOutcome(attempts, outcome))),
    deviationsMs: deviationsIn(rounds),
    closeness,
    facts: { unknown, wasFree },
  };
}

/** The sums of all parts together; the rounds are in their order. */
export function addedUp(parts: readonly RoundSums[]): RoundSums {
  const ordered = parts.toSorted((a, b) => (a.rounds[0]?.number ?? 0) - (b.rounds[0]?.number ?? 0));
  const total = (of: (part: RoundSums) => number) => sum(ordered.map(of));
  const isKnown = ordered.every(({ expected }) => expected.ok !== undefined);
  const known = (name: 'ok' | 'fail') => (isKnown ? total(({ expected }) => expected[name] ?? 0) : undefined);
  return {
    rounds: ordered.flatMap(({ rounds }) => rounds).toSorted((a, b) => a.number - b.number),
    totals: {
      requests: total(({ totals }) => totals.requests),
      ok: total(({ totals }) => totals.ok),
      fail: total(({ totals }) => totals.fail),
      info: total(({ totals }) => totals.info),
    },
    expected: {
      requests: total(({ expected }) => expected.requests),
      ok: known('ok'),
      fail: known('fail'),
      info: total(({ expected }) => expected.info),
    },
    books: new Map(ordered.flatMap(({ books }) => [...books])),
    statuses: statusesTogether(ordered.map(({ statuses }) => statuses)),
    refusals: toldTogether(ordered.map(({ refusals }) => refusals)),
    unrecognised: toldTogether(ordered.map(({ unrecognised }) => unrecognised)),
    timesMs: perOutcome((outcome) => ascending(ordered.map(({ timesMs }) => timesMs[outcome]))),
    deviationsMs: ascending(ordered.map(({ deviationsMs }) => deviationsMs)),
    closeness: closenessTogether(ordered.map(({ closeness }) => closeness)),
    facts: {
      unknown: new Set(ordered.flatMap(({ facts }) => [...facts.unknown])),
      wasFree: ordered.every(({ facts }) => facts.wasFree),
    },
  };
}

const perOutcome = (of: (outcome: Outcome) => Float64Array): RoundSums['timesMs'] => {
  const [ok, fail, info] = OUTCOMES.map(of) as [Float64Array, Float64Array, Float64Array];
  return { ok, fail, info };
};

const deviationsIn = (rounds: readonly Round[]): Float64Array =>
  Float64Array.from(
    rounds
      .filter(({ offsets }) => offsets !== undefined)
      .flatMap(({ attempts }) => attempts.flatMap((attempt: Attempt) => deviationMs(attempt) ?? [])),
  ).sort();

function statusesTogether(parts: readonly RoundSums['statuses'][]): RoundSums['statuses'] {
  const counts = new Map<string, number>();
  for (const part of parts)
    for (const [status, count] of Object.entries(part)) counts.set(status, (counts.get(status) ?? 0) + count);
  return Object.fromEntries([...counts].toSorted(([a], [b]) => Number(a) - Number(b)));
}

function toldTogether(parts: readonly (readonly Told[])[]): readonly Told[] {
  const counts = new Map<string, Told>();
  for (const told of parts.flat()) {
    const name = `${told.status} ${told.text}`;
    counts.set(name, { ...told, count: told.count + (counts.get(name)?.count ?? 0) });
  }
  return mostFrequentFirst([...counts.values()]);
}

/** A limit of every part is a limit of the whole: what one part has tried was tried. */
function closenessTogether(parts: readonly Closeness[]): Closeness {
  const [first] = parts;
  const within = (name: keyof Closeness['rivals']) => sum(parts.map(({ rivals }) => rivals[name]));
  return {
    rivals: { '0.1': within('0.1'), '1': within('1'), '10': within('10') },
    limits: (first?.limits ?? []).filter((limit) => parts.every(({ limits }) => limits.includes(limit))),
  };
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

export function responseTimesOf(timesMs: RoundSums['timesMs']): ResponseTimes {
  const times = ascending(Object.values(timesMs));
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    max: times.at(-1),
  };
}

export function contentionOf({ rounds, deviationsMs }: RoundSums, { contenders }: Plan): Contention {
  const raced = rounds.filter(({ requests }) => requests > 0);
  const spreads = rounds.flatMap((round) => unplannedSpreadMs(round) ?? []).toSorted((a, b) => a - b);
  const errors = rounds.flatMap((round) => round.spreadErrorMs ?? []);
  const [median, worst] = [percentile(deviationsMs, 0.5), deviationsMs.at(-1)];
  return {
    medianSpreadMs: percentile(spreads, 0.5),
    worstSpreadMs: spreads.at(-1),
    spreadErrorMs: errors.length === 0 ? undefined : maxOf(errors),
    // How well the releases of all rounds with offsets kept to their plan.
    offsets:
      median === undefined || worst === undefined ? undefined : { medianDeviationMs: median, worstDeviationMs: worst },
    // A round that was not raced, because the run was interrupted, says nothing about the others.
    smallestOverlap: raced.reduce(
      (least, { overlap }) => Math.min(least, overlap),
      raced.length === 0 ? 0 : contenders,
    ),
  };
}
