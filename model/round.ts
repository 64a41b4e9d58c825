import type { Attempt, Inventory, Outcome, Plan } from './history-file.ts';
import { offsetsOf } from './offsets.ts';
import { maxOf, minOf } from './statistics.ts';
import type { Offsets } from './verdict-file.ts';

/** One release of the contenders against one inventory, and how much of a race it was. */
export interface Round {
  readonly number: number;
  readonly inventory: Inventory;
  readonly attempts: readonly Attempt[];
  /** Last release minus first release; undefined where fewer than two attempts were let go. */
  readonly spreadMs: number | undefined;
  /** Undefined where they were to be let go at once. */
  readonly offsets: Offsets | undefined;
  /** Peak number of attempts in flight at once. */
  readonly overlap: number;
}

/**
 * The plan's rounds in order, each with its attempts by the order of their release. A planned round that nobody took
 * part in is there, empty; a round on an inventory that the plan does not name comes after the planned ones.
 */
export function roundsOf(plan: Plan, attempts: readonly Attempt[]): Round[] {
  // By number and inventory: whatever numbers say, attempts at different inventories are no one round.
  const rest = Map.groupBy(attempts, (attempt) => `${attempt.round} ${attempt.inventory}`);
  const planned = plan.inventories.map((inventory, index) => {
    const name = `${index + 1} ${inventory.key}`;
    const its = rest.get(name);
    rest.delete(name);
    return makeRound(index + 1, inventory, its);
  });
  const others = [...rest.values()].map((its) => makeRound(its[0]?.round ?? 0, inventoryOf(plan, its), its));
  return [
    ...planned,
    ...others.toSorted((a, b) => a.number - b.number || (a.inventory.key < b.inventory.key ? -1 : 1)),
  ];
}

function inventoryOf(plan: Plan, attempts: readonly Attempt[]): Inventory {
  const key = attempts[0]?.inventory ?? '';
  return plan.inventories.find((inventory) => inventory.key === key) ?? { key, capacity: 1 };
}

function makeRound(number: number, inventory: Inventory, unordered: readonly Attempt[] = []): Round {
  const attempts = unordered.toSorted(
    (a, b) => (a.releasedAtMs ?? Infinity) - (b.releasedAtMs ?? Infinity) || a.vu - b.vu,
  );
  return {
    number,
    inventory,
    attempts,
    spreadMs: spreadOf(attempts),
    offsets: offsetsOf(attempts),
    overlap: overlapOf(attempts),
  };
}

/** How many attempts must be in flight at once when all contenders are released at once. */
export const overlapLimit = ({ overlap }: Pick<Plan['limits'], 'overlap'>, contenders: number): number =>
  Math.max(2, Math.ceil(overlap * contenders));

/** Last release minus first release, in milliseconds. Source of the word: DESIGN, "Words". */
export function spreadOf(attempts: readonly Attempt[]): number | undefined {
  const released = attempts.flatMap((attempt) => attempt.releasedAtMs ?? []);
  return released.length < 2 ? undefined : maxOf(released) - minOf(released);
}

/** Peak number of attempts between release and completion at the same instant (a sweep over the interval ends). */
export function overlapOf(attempts: readonly Attempt[]): number {
  const released = attempts.filter((attempt) => attempt.releasedAtMs !== undefined);
  const starts = Float64Array.from(released, (attempt) => attempt.releasedAtMs ?? 0).sort();
  const ends = Float64Array.from(released, (attempt) => attempt.completedAtMs).sort();
  let ended = 0;
  let peak = 0;
  starts.forEach((startMs, index) => {
    // At one instant ends come before starts: touching intervals do not overlap.
    while ((ends[ended] ?? Infinity) <= startMs) ended++;
    peak = Math.max(peak, index + 1 - ended);
  });
  return peak;
}

/** The attempts with the given outcome, in the order of their release. */
export function withOutcome<O extends Outcome>(attempts: readonly Attempt[], outcome: O): (Attempt & { outcome: O })[] {
  return attempts.filter((attempt): attempt is Attempt & { outcome: O } => attempt.outcome === outcome);
}
