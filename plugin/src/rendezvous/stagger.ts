/** How a member is let go beside the others that it meets. Without one, it goes at the instant of the release. */
export interface Stagger {
  /** From the instant of the release, in milliseconds; negative: before it. */
  readonly offsetMs: number;
  /** Members with the same stagger are let go evenly over this time, in milliseconds, from their offset on; 0: at once. */
  readonly spanMs: number;
  /** The instant of the release is this one, in milliseconds on the shared clock; absent: as soon as all have come. */
  readonly instantMs?: number;
}

/** When a member is let go, in milliseconds on the shared clock. */
export interface Instant {
  /** When it was to be. */
  readonly plannedAtMs: number;
  /** The same, and later by as much as the members came too late for the plan. */
  readonly atMs: number;
}

/**
 * The instants of one release, in the order of the members. Pure. Offsets are kept whatever happens: where the members
 * have come too late for an instant that was set, all of them are late by the same time.
 *
 * @param staggers of each member, in the order in which they are let go
 * @param earliestMs nobody can be let go before it
 */
export function instantsOf(staggers: readonly (Stagger | undefined)[], earliestMs: number): Instant[] {
  const offsets = offsetsOf(staggers);
  const firstMs = offsets.reduce((a, b) => Math.min(a, b), Infinity);
  const set = staggers.flatMap((its) => its?.instantMs ?? []);
  // Where members differ by a little, the last of them counts: no hold is younger than it.
  const instantMs = set.length > 0 ? set.reduce((a, b) => Math.max(a, b)) : earliestMs - firstMs;
  const lateMs = Math.max(0, earliestMs - firstMs - instantMs);
  return offsets.map((offsetMs) => ({ plannedAtMs: instantMs + offsetMs, atMs: instantMs + offsetMs + lateMs }));
}

function offsetsOf(staggers: readonly (Stagger | undefined)[]): number[] {
  const groups = Map.groupBy(staggers, groupOf);
  const seen = new Map<string, number>();
  return staggers.map((its) => {
    if (its === undefined) return 0;
    const group = groupOf(its);
    const index = seen.get(group) ?? 0;
    seen.set(group, index + 1);
    const steps = (groups.get(group)?.length ?? 1) - 1;
    return its.offsetMs + (steps === 0 ? 0 : (its.spanMs * index) / steps);
  });
}

const groupOf = (its: Stagger | undefined) => `${its?.offsetMs} ${its?.spanMs}`;
