/** The clock and timers of a rendezvous; injected, so that tests decide when things happen. */
export interface RendezvousClock {
  /** Monotonic milliseconds; several threads share one clock. */
  now(): number;
  /** Calls back after `ms` milliseconds. The returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back once the event loop has dealt with everything pending. */
  soon(callback: () => void): void;
  /** Calls back at the instant, as exactly as possible. The event loop goes on until then. */
  at(instantMs: number, callback: () => void): void;
}

/** Timers can be late by more than a millisecond, so none is used for the last stretch before an instant. */
export const TIMER_LATE_MS = 2;
/** The very last stretch is spent in a loop, because a turn of the event loop can take longer. */
const AWAKE_MS = 0.1;
/** Close instants leave no room for a turn of the event loop; after this time one is forced, so that answers are read. */
const MAX_AWAKE_MS = 1;

/** The clock of this process. */
export function systemClock(now: () => number): RendezvousClock {
  /** When this turn of the event loop first waited in a loop. */
  let awakeSinceMs: number | undefined;
  const awakeMs = (): number => {
    if (awakeSinceMs === undefined) {
      awakeSinceMs = now();
      setImmediate(() => {
        awakeSinceMs = undefined;
      });
    }
    return now() - awakeSinceMs;
  };

  const at = (instantMs: number, callback: () => void): void => {
    const leftMs = instantMs - now();
    const again = () => at(instantMs, callback);
    if (leftMs > TIMER_LATE_MS) setTimeout(again, leftMs - TIMER_LATE_MS);
    // Through the event loop, so that answers are read as soon as they come.
    else if (leftMs > AWAKE_MS || awakeMs() > MAX_AWAKE_MS) setImmediate(again);
    // As a microtask: requests that were let go just before are written first.
    else
      queueMicrotask(() => {
        while (now() < instantMs);
        callback();
      });
  };
  return {
    now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    soon: (callback) => void setImmediate(callback),
    at,
  };
}
