import type { RendezvousClock } from '../../plugin/src/rendezvous/index.ts';

/** A clock that the test moves: nothing happens by itself. */
export function manualClock() {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let soon: (() => void)[] = [];
  const settle = () => {
    while (soon.length > 0) {
      const due = soon;
      soon = [];
      for (const callback of due) callback();
    }
  };
  const clock: RendezvousClock = {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    soon: (callback) => void soon.push(callback),
    at: (instant, callback) => void timers.add({ at: instant, callback }),
  };
  return {
    clock,
    settle,
    advance(ms: number) {
      now += ms;
      const due = [...timers].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at);
      // One that is due may cancel another.
      for (const timer of due) if (timers.delete(timer)) timer.callback();
      settle();
    },
    now: () => now,
    /** Time passes without a turn of the event loop. */
    blockUntil(at: number) {
      now = Math.max(now, at);
    },
    pendingTimers: () => timers.size,
  };
}
