import type { Attempt, Inventory, Outcome, Plan } from './history.ts';
import { offsetsOf } from './offsets.ts';
import { maxOf, minOf } from './statistics.ts';
import type { Offsets } from './verdict-file.ts';

/** One release of the contenders against one inventory, with how close a race it was. */
export interface Round {
  readonly number: number;
  readonly inventory: Inventory;
  /** How often the inventory was raced for, this time included; absent where rounds do not repeat. */
  readonly visit?: number;
  readonly attempts: readonly Attempt[];
  /** Attempts that are judged by nothing, and were there all the same. */
  readonly unjudged: readonly Attempt[];
  /** How many attempts it was to have, those that are judged by nothing not counted. */
  readonly planned: number;
  /** See {@link spreadOf}. */
  readonly spreadMs: number | undefined;
  /** How wrong the spread may be, in milliseconds: it was measured by clocks of several machines. Absent for one machine. */
  readonly spreadErrorMs?: number;
  /** Undefined where all contenders were to be released at once. */
  readonly offsets: Offsets | undefined;
  /** Peak number of attempts in flight at once. */
  readonly overlap: number;
}

/**
 * The rounds of the plan in order, each with its attempts in the order of their release. A planned round without attempts is
 * included, unless rounds repeat and the run ended before it. Rounds on inventories that the plan does not name come last.
 *
 * @param folded the numbers of rounds whose attempts are not kept; they are left out
 */
export function roundsOf(
  plan: Plan,
  attempts: readonly Attempt[],
  unjudged: readonly Attempt[] = [],
  folded: ReadonlySet<number> = new Set(),
): Round[] {
  const rounds = everyRound(plan, attempts, unjudged);
  if (plan.repeat === undefined || attempts.length === 0) return rounds;
  const raced = new Set([...folded, ...attempts.map(({ round }) => round)]);
  const last = maxOf([...raced]);
  // What a request named later is raced for in a later round than its position in the plan: there, others raced.
  return rounds.filter(({ number, attempts: own }) => number <= last && (own.length > 0 || !raced.has(number)));
}

function everyRound(plan: Plan, attempts: readonly Attempt[], unjudged: readonly Attempt[]): Round[] {
  // By number and inventory: attempts at different inventories are different rounds, even with the same number.
  const unplanned = Map.groupBy(attempts, nameOf);
  const alsoThere = Map.groupBy(unjudged, nameOf);
  const roundOf = (number: number, inventory: Inventory, ofRound: readonly Attempt[] = []) =>
    makeRound(plan, number, inventory, ofRound, alsoThere.get(`${number} ${inventory.key}`));
  const planned = plan.inventories.map((inventory, index) => {
    const name = `${index + 1} ${inventory.key}`;
    const ofRound = unplanned.get(name);
    unplanned.delete(name);
    return roundOf(index + 1, inventory, ofRound);
  });
  const others = [...unplanned.values()].map((ofRound) =>
    roundOf(ofRound[0]?.round ?? 0, inventoryOf(plan, ofRound), ofRound),
  );
  return [
    ...planned,
    ...others.toSorted((a, b) => a.number - b.number || (a.inventory.key < b.inventory.key ? -1 : 1)),
  ];
}

/**
 * What is judged together: all rounds on an inventory, or, where rounds repeat, those of one visit to it. Two rounds are about
 * the same if this is the same text.
 */
export const subjectIdOf = ({ inventory: { key }, visit }: Subject): string =>
  visit === undefined ? key : `${visit} ${key}`;

export interface Subject {
  readonly inventory: { readonly key: string };
  readonly visit?: number | undefined;
}

const nameOf = (attempt: Attempt): string => `${attempt.round} ${attempt.inventory}`;

function inventoryOf(plan: Plan, attempts: readonly Attempt[]): Inventory {
  const key = attempts[0]?.inventory ?? '';
  return plan.inventories.find((inventory) => inventory.key === key) ?? { key, capacity: 1 };
}

function makeRound(
  { contenders, anyItem, repeat }: Plan,
  number: number,
  inventory: Inventory,
  unordered: readonly Attempt[],
  unjudged: readonly Attempt[] = [],
): Round {
  const attempts = unordered.toSorted(
    (a, b) => (a.releasedAtMs ?? Infinity) - (b.releasedAtMs ?? Infinity) || a.vu - b.vu,
  );
  const spreadErrorMs = spreadErrorOf(attempts);
  const visit = attempts[0]?.visit ?? unjudged[0]?.visit ?? (repeat === undefined ? undefined : 1);
  return {
    number,
    inventory,
    ...(visit !== undefined && { visit }),
    attempts,
    unjudged,
    planned: anyItem === true ? vusIn(attempts) : Math.max(0, contenders - vusIn(unjudged)),
    spreadMs: spreadOf(attempts),
    ...(spreadErrorMs !== undefined && { spreadErrorMs }),
    offsets: offsetsOf(attempts),
    overlap: overlapOf(attempts),
  };
}

const vusIn = (attempts: readonly Attempt[]): number => new Set(attempts.map(({ vu }) => vu)).size;

/** How many attempts must be in flight at once when all contenders are released at once. */
export const overlapLimit = ({ overlap }: Pick<Plan['limits'], 'overlap'>, contenders: number): number =>
  Math.max(2, Math.ceil(overlap * contenders));

/** Last release minus first release, in milliseconds; undefined if fewer than two attempts were released. */
export function spreadOf(attempts: readonly Attempt[]): number | undefined {
  const released = attempts.flatMap((attempt) => attempt.releasedAtMs ?? []);
  return released.length < 2 ? undefined : maxOf(released) - minOf(released);
}

/**
 * How wrong {@link spreadOf} may be: the first release may be on the machine with the worst clock, and the last one on the
 * next worst. Undefined where all attempts were on one machine.
 */
export function spreadErrorOf(attempts: readonly Attempt[]): number | undefined {
  const errors = new Map<number, number>();
  for (const { machine, releasedAtMs, clockErrorMs = 0 } of attempts) {
    if (machine === undefined || releasedAtMs === undefined) continue;
    errors.set(machine, Math.max(errors.get(machine) ?? 0, clockErrorMs));
  }
  const [worst = 0, nextWorst = 0] = [...errors.values()].toSorted((a, b) => b - a);
  return errors.size < 2 ? undefined : worst + nextWorst;
}

/**
 * How wrong the order of these attempts may be: each began and ended within this many milliseconds of the times that it has.
 * 0 where one machine raced. Each clock may be wrong, and so may that of the first machine, which the times are on.
 */
export const orderErrorOf = (attempts: readonly Attempt[]): number =>
  2 * maxOf([0, ...attempts.map(({ clockErrorMs = 0 }) => clockErrorMs)]);

/**
 * Peak number of attempts in flight at once: between release and completion. Sweeps over the ends of the intervals. Where
 * several machines raced, only what overlaps however wrong their clocks are.
 */
export function overlapOf(attempts: readonly Attempt[]): number {
  const released = attempts.filter((attempt) => attempt.releasedAtMs !== undefined);
  const isOneClock = released.every(({ machine }) => machine === released[0]?.machine);
  const errorOf = ({ clockErrorMs = 0 }: Attempt) => (isOneClock ? 0 : clockErrorMs);
  const certain = released.filter((attempt) => inFlightMs(attempt) >= 2 * errorOf(attempt));
  const starts = Float64Array.from(certain, (attempt) => (attempt.releasedAtMs ?? 0) + errorOf(attempt)).sort();
  const ends = Float64Array.from(certain, (attempt) => attempt.completedAtMs - errorOf(attempt)).sort();
  let ended = 0;
  let peak = 0;
  starts.forEach((startMs, index) => {
    // At the same instant ends come before starts: touching intervals do not overlap.
    while ((ends[ended] ?? Infinity) <= startMs) ended++;
    peak = Math.max(peak, index + 1 - ended);
  });
  return peak;
}

const inFlightMs = ({ releasedAtMs = 0, completedAtMs }: Attempt): number => completedAtMs - releasedAtMs;

/** The attempts with the given outcome, in the order of their release. */
export function withOutcome<O extends Outcome>(attempts: readonly Attempt[], outcome: O): (Attempt & { outcome: O })[] {
  return attempts.filter((attempt): attempt is Attempt & { outcome: O } => attempt.outcome === outcome);
}

/**
 * Whether nobody in a round got an answer, not even a status. Contenders that were answered before the release do not count,
 * and neither do attempts that the end of the run cut short.
 */
export function isUnanswered(attempts: readonly Attempt[]): boolean {
  const released = attempts.filter((attempt) => attempt.releasedAtMs !== undefined);
  const tried = (released.length > 0 ? released : attempts).filter((attempt) => !isAborted(attempt));
  return tried.length > 0 && tried.every(({ answer }) => answer.kind === 'unanswered');
}

const isAborted = (attempt: Attempt) => attempt.outcome === 'info' && attempt.cause === 'aborted';
