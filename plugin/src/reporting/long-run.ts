import type { FoldedHistory, History, Inventory } from '../../../model/index.ts';
import { addedUp, type RoundSums, sumsOf } from '../../../reports/index.ts';
import {
  firstRoundOf,
  foldedOf,
  type JudgedVisit,
  judgedVisit,
  remarksOf,
  resultOf,
  settled,
  type VisitResult,
} from '../judging/index.ts';

/** A run whose rounds repeat too often to hold all attempts. */
export interface LongRun {
  /** The history without its attempts and read-backs. */
  readonly frame: History;
  /** All that is recorded about each visit, one after the other. */
  visits(): Iterable<Visited>;
}

type Visited = Pick<History, 'attempts' | 'unjudged' | 'readBacks'> & { readonly inventory: Inventory };

/** What is kept of a long run. */
export interface FoldedRun {
  /** With the attempts of the rounds that matter, and the results of all others. */
  readonly history: FoldedHistory;
  /** What the report says about the others. */
  readonly sums: readonly RoundSums[];
}

export interface KeptLimits {
  /** So many visits at the beginning are kept in any case, so that a report has something to show. */
  readonly first: number;
  /** So many attempts may be kept. What matters beyond that is told without its attempts. */
  readonly attempts: number;
}

/** So many sums are added up at a time. */
const MAX_PARTS = 1000;

const LIMITS: KeptLimits = { first: 10, attempts: 20_000 };

/** Judges each visit by itself, and keeps those that matter: with findings or doubts, the slowest one, and the widest one. */
export function foldedRun({ frame, visits }: LongRun, limits = LIMITS): FoldedRun {
  const folding = new Folding(frame, limits);
  for (const visit of visits()) folding.take(visit);
  return folding.end();
}

interface Kept {
  readonly history: History;
  readonly judged: JudgedVisit;
  readonly result: VisitResult;
}

class Folding {
  readonly #frame: History;
  readonly #limits: KeptLimits;
  readonly #planned: ReadonlySet<string>;
  readonly #kept: History[] = [];
  readonly #results: VisitResult[] = [];
  #sums: RoundSums[] = [];
  /** Moments that the rule is about and that no round has met so far. */
  #untried: readonly string[] | undefined;
  #proof: History | undefined;
  #isSold = false;
  #isViolated = false;
  #attempts = 0;
  #slowest: Kept | undefined;
  #widest: Kept | undefined;

  constructor(frame: History, limits: KeptLimits) {
    this.#frame = frame;
    this.#limits = limits;
    this.#planned = new Set(frame.run.plan.inventories.map(({ key }) => key));
  }

  take(visited: Visited): void {
    const visit = this.#historyOf(visited);
    // Nobody raced: `reset-failed` and others need only what the server said.
    if (visit.attempts.length === 0) {
      this.#kept.push(visit);
      return;
    }
    const judged = judgedVisit(visit, this.#proof);
    const result = resultOf(visit, judged);
    const kept = { history: visit, judged, result };
    if (this.#showsSomethingNew(kept)) this.#keep(visit);
    else if (!result.isClean && this.#attempts < this.#limits.attempts) this.#keep(visit);
    else this.#foldUnlessWorst(kept);
  }

  end(): FoldedRun {
    for (const worst of new Set([this.#slowest, this.#widest])) if (worst !== undefined) this.#kept.push(worst.history);
    const kept = this.#kept.toSorted((a, b) => firstRoundOf(a) - firstRoundOf(b));
    const unjudged = kept.flatMap((visit) => visit.unjudged ?? []);
    const history: FoldedHistory = {
      ...this.#frame,
      attempts: kept.flatMap(({ attempts }) => attempts),
      ...(unjudged.length > 0 && { unjudged }),
      readBacks: kept.flatMap(({ readBacks }) => readBacks),
      ...(this.#results.length > 0 && { folded: foldedOf(this.#results) }),
    };
    return { history: settled(history), sums: this.#sums };
  }

  /** The visit as a run of its own, that ended well. */
  #historyOf({ inventory, ...records }: Visited): History {
    const { run, problems } = this.#frame;
    const end = { type: 'end', endedAt: run.startedAt, atMs: 0, reason: 'completed', repeated: 'done' } as const;
    // What the plan does not name may have been sold before: nobody could ask.
    const inventories = this.#planned.has(inventory.key) ? [inventory] : [];
    return { run: { ...run, plan: { ...run.plan, inventories } }, ...records, problems, end };
  }

  /** What only some rounds of a run can show: that the request is right, that something was sold, what a rule is about, a violation. */
  #showsSomethingNew({ history, judged, result }: Kept): boolean {
    const isFirst = this.#kept.length < this.#limits.first;
    const isProof = this.#proof === undefined && judged.alone.attempts.some(({ outcome }) => outcome === 'ok');
    if (isProof) this.#proof = history;
    const isSold =
      !this.#isSold &&
      this.#frame.run.plan.readBack &&
      [...remarksOf(judged.alone, judged).stored.values()].some((units) => Number(units) > 0);
    this.#isSold ||= isSold;
    const stillUntried = this.#untried?.filter((moment) => result.untried.includes(moment)) ?? result.untried;
    const isTried = stillUntried.length < (this.#untried?.length ?? 0);
    this.#untried = stillUntried;
    // A run stops at its first violation, and its round is told in full.
    const isFirstViolation = !this.#isViolated && result.findings.some(({ severity }) => severity === 'violation');
    this.#isViolated ||= isFirstViolation;
    return isFirst || isProof || isSold || isTried || isFirstViolation;
  }

  #keep(visit: History): void {
    this.#kept.push(visit);
    this.#attempts += visit.attempts.length;
  }

  /** One that is the worst so far waits: a worse one may come. */
  #foldUnlessWorst(visit: Kept): void {
    const others = new Set([visit, this.#slowest, this.#widest]);
    if (this.#slowest === undefined || visit.result.slowestMs > this.#slowest.result.slowestMs) this.#slowest = visit;
    if (this.#widest === undefined || visit.result.widestMs > this.#widest.result.widestMs) this.#widest = visit;
    for (const other of others)
      if (other !== undefined && other !== this.#slowest && other !== this.#widest) this.#fold(other);
  }

  #fold({ history, judged, result }: Kept): void {
    this.#results.push(result);
    const earlier = firstRoundOf(history) - 1;
    const findings = result.findings.map(({ round, ...finding }) => ({
      ...finding,
      ...(round !== undefined && { round: round - earlier }),
      witness: [],
    }));
    const sums = sumsOf(judged.alone, findings, remarksOf(judged.alone, judged), judged.raced);
    const rounds = sums.rounds.map((round) => ({ ...round, number: round.number + earlier }));
    this.#sums.push({ ...sums, rounds });
    // A thousand small lists take more memory than one long one.
    if (this.#sums.length >= MAX_PARTS) this.#sums = [addedUp(this.#sums)];
  }
}
