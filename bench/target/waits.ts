import { Worker } from 'node:worker_threads';
import { median } from '../statistics.ts';

/** Memory that the two threads share. */
export interface Shared {
  readonly words: Int32Array;
  /** When to wake up, in milliseconds of the wall clock, because the monotonic clocks of threads differ. */
  readonly until: Float64Array;
}

export const ASKED = 0;
export const TICKS = 1;
/** Stays 0, so waiting on it only ends by timeout. */
export const UNUSED = 2;

/** Waits between check and act, for a time that can be set. */
export interface Waits {
  /** Microseconds. With 0 there is no wait at all. */
  setWindow(us: number): void;
  /** Calls back after the window. Callbacks run in the order of the calls. */
  wait(act: () => void): void;
  /** How long the waits really were, in microseconds, since the window was set. Only waits that began while no other ran. */
  readonly measuredUs: readonly number[];
}

const TRIALS = 200;
const TRIAL_US = 500;

/**
 * Creates the waits. Node's timers only count milliseconds. A loop that polls the clock keeps a core busy, which on a small
 * machine stops the contenders from sending; waiting for a database would not. So another thread sleeps, and the time that it
 * wakes up late (about 0.1 ms, measured at the start) is subtracted. A window is never shorter than set. Windows shorter than
 * the time to wake two threads (about 0.07 ms) come out longer.
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

  const sleepFor = async (sinceMs: number): Promise<void> => {
    const ticks = Atomics.load(words, TICKS);
    until[0] = performance.timeOrigin + sinceMs + windowMs - latenessMs;
    Atomics.store(words, ASKED, 1);
    Atomics.notify(words, ASKED);
    await Atomics.waitAsync(words, TICKS, ticks).value;
    let now = performance.now();
    // The thread sometimes wakes up a little early. The rest is short enough to poll the clock once per event-loop turn.
    for (; now < sinceMs + windowMs; now = performance.now()) await new Promise(setImmediate);
    // All waits have the same length, so they end in the order in which they began.
    while (queue[0] !== undefined && now >= queue[0].sinceMs + windowMs) {
      const { sinceMs: began, isFirst, act } = queue[0];
      queue.shift();
      if (isFirst) measuredUs.push((now - began) * 1000);
      act();
    }
    if (queue[0] !== undefined) await sleepFor(queue[0].sinceMs);
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
      if (isFirst) void sleepFor(sinceMs);
    },
    get measuredUs() {
      return measuredUs;
    },
  };

  latenessMs = await measureLateness(waits);
  return waits;
}

/** How late the waits end, in milliseconds. The first half of the trials only warms up. */
async function measureLateness(waits: Waits): Promise<number> {
  waits.setWindow(TRIAL_US);
  for (let trial = 0; trial < TRIALS; trial++) await new Promise<void>((resolve) => waits.wait(resolve));
  const latenessUs = median(waits.measuredUs.slice(TRIALS / 2)) - TRIAL_US;
  waits.setWindow(0);
  return Math.max(0, latenessUs) / 1000;
}
