/** What a rendezvous needs of time; injected, so that tests decide what happens when. */
export interface RendezvousClock {
  /** Milliseconds, monotonic; where there are several threads, of the clock that they share. */
  now(): number;
  /** Calls back after the given milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back once the event loop has dealt with what is pending. */
  soon(callback: () => void): void;
  /** Calls back at the instant, as exactly as can be; the event loop goes on until then. */
  at(instantMs: number, callback: () => void): void;
}

/** A timer may be late by a millisecond and more, so the last stretch before an instant is waited for without one. */
export const TIMER_LATE_MS = 2;
/** The very last stretch, which is shorter than a turn of the event loop may be. */
const AWAKE_MS = 0.1;
/** Instants may follow so closely that no turn fits in between: then there is one after this time, and answers are read. */
const MAX_AWAKE_MS = 1;

/** The clock of this process. */
export function systemClock(now: () => number): RendezvousClock {
  /** Since when the event loop waits; absent: it has gone on. */
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
    // Awake, but not in a loop of its own: answers that come meanwhile are read when they come.
    else if (leftMs > AWAKE_MS || awakeMs() > MAX_AWAKE_MS) setImmediate(again);
    // In a turn of its own: who was let go just before is sent on their way first.
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
