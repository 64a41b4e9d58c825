import { Worker } from 'node:worker_threads';
import { median } from '../statistics.ts';

/** What the two threads share. */
export interface Shared {
  readonly words: Int32Array;
  /** One moment, in milliseconds of the wall clock: what the threads' clocks have in common. */
  readonly until: Float64Array;
}

export const ASKED = 0;
export const TICKS = 1;
/** Stays 0: nobody is woken by it. */
export const UNUSED = 2;

/** Waits of a length that can be set, between a check and an act. */
export interface Waits {
  /** Microseconds; 0 does not wait at all. */
  setWindow(us: number): void;
  /** Calls back after the window, in the order in which it was called. */
  wait(act: () => void): void;
  /** How long the waits were that nobody else's preceded, in microseconds, since the window was set. */
  readonly measuredUs: readonly number[];
}

const TRIALS = 200;
const TRIAL_US = 500;

/**
 * Timers of Node count milliseconds, and a loop that looks at the clock keeps a core busy: on a small machine it keeps the
 * contenders from sending, which waiting for a database would not. So a thread sleeps, and its lateness (some 0.1 ms,
 * measured at the start) is deducted. A window is never shorter than was asked for; one below what waking two threads takes
 * (some 0.07 ms) is longer.
 */
export async function createWaits(): Promise<Waits> {
  const shared: Shared = {
    words: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
    until: new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)),
  };
  new Worker(new URL('./sleeper.ts', import.meta.url), { workerData: shared });
  const { words, until } = shared;
  const queue: { readonly sinceMs: number; readonly isFirst: boolean; readonly act: () => void }[] = [];
  let windowMs = 0;
  let latenessMs = 0;
  let measuredUs: number[] = [];

  const askFor = async (sinceMs: number): Promise<void> => {
    const ticks = Atomics.load(words, TICKS);
    until[0] = performance.timeOrigin + sinceMs + windowMs - latenessMs;
    Atomics.store(words, ASKED, 1);
    Atomics.notify(words, ASKED);
    await Atomics.waitAsync(words, TICKS, ticks).value;
    let now = performance.now();
    // A little too early, now and then: the rest is short enough to look at the clock at each turn of the event loop.
    for (; now < sinceMs + windowMs; now = performance.now()) await new Promise(setImmediate);
    // All wait as long, so they are due in the order in which they came.
    while (queue[0] !== undefined && now >= queue[0].sinceMs + windowMs) {
      const { sinceMs: began, isFirst, act } = queue[0];
      queue.shift();
      if (isFirst) measuredUs.push((now - began) * 1000);
      act();
    }
    if (queue[0] !== undefined) await askFor(queue[0].sinceMs);
  };

  const waits: Waits = {
    setWindow(us) {
      windowMs = us / 1000;
      measuredUs = [];
    },
    wait(act) {
      if (windowMs === 0) {
        act();
        return;
      }
      const sinceMs = performance.now();
      const isFirst = queue.length === 0;
      queue.push({ sinceMs, isFirst, act });
      if (isFirst) void askFor(sinceMs);
    },
    get measuredUs() {
      return measuredUs;
    },
  };

  waits.setWindow(TRIAL_US);
  for (let trial = 0; trial < TRIALS; trial++) await new Promise<void>((resolve) => waits.wait(resolve));
  latenessMs = Math.max(0, median(waits.measuredUs.slice(TRIALS / 2)) - TRIAL_US) / 1000;
  waits.setWindow(0);
  return waits;
}
