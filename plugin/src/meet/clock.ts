/*
 * How far the run's clock is from the clock that all machines can ask: the TIME of their Redis. Each exchange proves an
 * interval for the offset, whatever the network did: Redis made its answer after it was asked, and before the answer was
 * here. The offset lies in what all recent intervals have in common, each widened by what the clocks may have drifted
 * apart since. So the error is proven on any path, however unequal the two ways are, while the drift is below the bound.
 */

/** One exchange: own times before and after it, and what the reference said in between; all in milliseconds. */
export interface Sample {
  readonly sentMs: number;
  readonly receivedMs: number;
  readonly referenceMs: number;
}

/** The reference is the own clock plus the offset, within the error; both in milliseconds. */
export interface Offset {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** Clocks that NTP keeps drift apart by some 50 ppm at most; the rest is for a clock that is being corrected. */
const MAX_DRIFT = 250e-6;
/** An older sample proves nothing that newer ones do not. */
const WINDOW_MS = 5000;
/** Exchanges before the first estimate. */
const FIRST_SAMPLES = 20;
const PAUSE_MS = 25;

/**
 * What the samples prove about the offset at an instant of the own clock. Pure.
 *
 * @returns undefined where the samples contradict each other: the reference was set anew, or another server answers now
 */
export function offsetAt(samples: readonly Sample[], atMs: number): Offset | undefined {
  let low = -Infinity;
  let high = Infinity;
  for (const { sentMs, receivedMs, referenceMs } of samples) {
    const driftMs = MAX_DRIFT * Math.max(Math.abs(atMs - sentMs), Math.abs(atMs - receivedMs));
    low = Math.max(low, referenceMs - receivedMs - driftMs);
    high = Math.min(high, referenceMs - sentMs + driftMs);
  }
  if (samples.length === 0 || low > high) return undefined;
  return { offsetMs: (low + high) / 2, errorMs: (high - low) / 2 };
}

/** What is known of the reference: the samples that agree, and the jumps that were seen. */
export interface ClockState {
  readonly samples: readonly Sample[];
  readonly jumps: readonly Jump[];
}

/** The reference went forward or back by some milliseconds, between two instants of the own clock. */
interface Jump {
  readonly afterMs: number;
  readonly beforeMs: number;
  readonly byMs: number;
}

export const NO_SAMPLES: ClockState = { samples: [], jumps: [] };

/** The state after one more sample. Pure. */
export function withSample({ samples, jumps }: ClockState, sample: Sample): ClockState {
  const recent = samples.filter(({ receivedMs }) => sample.receivedMs - receivedMs < WINDOW_MS);
  const all = [...recent, sample];
  const last = samples.at(-1);
  if (last === undefined || offsetAt(all, sample.receivedMs) !== undefined) return { samples: all, jumps };
  const byMs = Math.abs(sample.referenceMs - sample.sentMs - (last.referenceMs - last.sentMs));
  return { samples: [sample], jumps: [...jumps, { afterMs: last.sentMs, beforeMs: sample.receivedMs, byMs }] };
}

/**
 * The offset at an instant. A jump since then belongs to its error: another machine may have taken its own offset before
 * the jump.
 */
export function offsetOf({ samples, jumps }: ClockState, atMs: number): Offset {
  const proven = offsetAt(samples, atMs);
  if (proven === undefined) return { offsetMs: Number.NaN, errorMs: Infinity };
  const jumpedMs = jumps
    .filter(({ beforeMs }) => beforeMs >= atMs - WINDOW_MS)
    .reduce((sum, { byMs }) => sum + byMs, 0);
  return { offsetMs: proven.offsetMs, errorMs: proven.errorMs + jumpedMs };
}

/** A clock that all machines of a run have in common. */
export interface CommonClock {
  /** The offset at an instant of the own clock; default: now. */
  offset(atMs?: number): Offset;
  /** The median round trip of recent exchanges, in milliseconds. */
  roundTripMs(): number;
  /** Asks a few more times at once, so that more is known of the last release. Never rejects. */
  refresh(): Promise<void>;
}

/**
 * Asks the reference again and again. Rejects where it cannot be asked at the start; later, the error grows with the age
 * of what the reference said last.
 *
 * @param ask what time it is there, in milliseconds
 * @param now the own clock: milliseconds, monotonic
 * @param changed called with each new offset
 */
export async function followClock(
  ask: () => Promise<number>,
  now: () => number,
  changed: (offsetMs: number) => void,
): Promise<CommonClock> {
  let state = NO_SAMPLES;
  const sample = async () => {
    const sentMs = now();
    const referenceMs = await ask();
    state = withSample(state, { sentMs, receivedMs: now(), referenceMs });
    changed(offsetOf(state, now()).offsetMs);
  };
  const several = async (count: number) => {
    for (let i = 0; i < count; i++) await sample();
  };
  const follow = async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await sample().catch(() => {});
    }
  };
  await several(FIRST_SAMPLES);
  void follow();
  return {
    offset: (atMs = now()) => offsetOf(state, atMs),
    roundTripMs() {
      const trips = state.samples.map(({ sentMs, receivedMs }) => receivedMs - sentMs).toSorted((a, b) => a - b);
      return trips[trips.length >> 1] ?? Infinity;
    },
    refresh: () => several(5).catch(() => {}),
  };
}
