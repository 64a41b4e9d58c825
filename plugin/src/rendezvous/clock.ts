/** The clock and timers of a rendezvous. They are injected, so that tests decide when things happen. */
export interface RendezvousClock {
  /** Monotonic milliseconds; several threads share one clock. */
  now(): number;
  /** Calls back after `ms` milliseconds. The returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back once the event loop has dealt with everything pending. */
  soon(callback: () => void): void;
  /** Calls back at the instant, as exactly as possible. The event loop keeps running until then. */
  at(instantMs: number, callback: () => void): void;
}

/** Timers can be late by more than a millisecond, so the last stretch before an instant goes without them. */
export const TIMER_LATE_MS = 2;
/** The very last stretch is a busy wait, because a turn of the event loop can take longer. */
const BUSY_WAIT_MS = 0.1;
/** If instants are close together, one busy wait follows the other. After this time the event loop gets a turn, to read answers. */
const MAX_BUSY_WAIT_MS = 1;

/** The clock of this process. */
export function systemClock(now: () => number): RendezvousClock {
  /** When the first busy wait of this turn of the event loop began. */
  let busySinceMs: number | undefined;
  const busyMs = (): number => {
    if (busySinceMs === undefined) {
      busySinceMs = now();
      setImmediate(() => {
        busySinceMs = undefined;
      });
    }
    return now() - busySinceMs;
  };

  const at = (instantMs: number, callback: () => void): void => {
    const leftMs = instantMs - now();
    const again = () => at(instantMs, callback);
    if (leftMs > TIMER_LATE_MS) setTimeout(again, leftMs - TIMER_LATE_MS);
    // Through the event loop, so that answers are read as soon as they come.
    else if (leftMs > BUSY_WAIT_MS || busyMs() > MAX_BUSY_WAIT_MS) setImmediate(again);
    // As a microtask, so that requests that were let go just before are written first.
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
