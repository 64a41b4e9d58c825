/** When a member goes, relative to the instant of the release. Without a stagger it goes at that instant. */
export interface Stagger {
  /** Milliseconds from the instant of the release; negative: before it. */
  readonly offsetMs: number;
  /** Members with the same stagger go evenly over this time, in milliseconds from their offset; 0: all at once. */
  readonly spanMs: number;
  /** The instant of the release, in milliseconds on the shared clock; default: as soon as all have come. */
  readonly instantMs?: number;
}

/** When a member goes, in milliseconds on the shared clock. */
export interface Instant {
  /** When it was planned to go. */
  readonly plannedAtMs: number;
  /** When it goes: later than planned if the members came too late for the plan. */
  readonly atMs: number;
}

/**
 * The instants of one release, in the order of the members. Pure. The offsets always hold: if the members came too late for
 * the instant that was set, all of them are late by the same time.
 *
 * @param staggers one for each member, in the order in which they go
 * @param earliestMs nobody can go before this
 */
export function instantsOf(staggers: readonly (Stagger | undefined)[], earliestMs: number): Instant[] {
  const offsets = offsetsOf(staggers);
  const firstMs = offsets.reduce((a, b) => Math.min(a, b), Infinity);
  const set = staggers.flatMap((stagger) => stagger?.instantMs ?? []);
  // Members may differ by a little. The latest counts: then every member has waited at least as long as it asked for.
  const instantMs = set.length > 0 ? set.reduce((a, b) => Math.max(a, b)) : earliestMs - firstMs;
  const lateMs = Math.max(0, earliestMs - firstMs - instantMs);
  return offsets.map((offsetMs) => ({ plannedAtMs: instantMs + offsetMs, atMs: instantMs + offsetMs + lateMs }));
}

function offsetsOf(staggers: readonly (Stagger | undefined)[]): number[] {
  const groups = Map.groupBy(staggers, groupOf);
  const seen = new Map<string, number>();
  return staggers.map((stagger) => {
    if (stagger === undefined) return 0;
    const group = groupOf(stagger);
    const index = seen.get(group) ?? 0;
    seen.set(group, index + 1);
    const steps = (groups.get(group)?.length ?? 1) - 1;
    return stagger.offsetMs + (steps === 0 ? 0 : (stagger.spanMs * index) / steps);
  });
}

const groupOf = (stagger: Stagger | undefined) => `${stagger?.offsetMs} ${stagger?.spanMs}`;
