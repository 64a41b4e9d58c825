import type { RendezvousClock } from '../../plugin/src/rendezvous/index.ts';

/** A clock that the test moves: nothing happens by itself. */
export function manualClock() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
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
      timers.push(timer);
      return () => {
        timers = timers.filter((its) => its !== timer);
      };
    },
    soon: (callback) => void soon.push(callback),
    at: (instant, callback) => void timers.push({ at: instant, callback }),
  };
  return {
    clock,
    settle,
    advance(ms: number) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at);
      timers = timers.filter((timer) => timer.at > now);
      for (const { callback } of due) callback();
      settle();
    },
    now: () => now,
    /** Time goes by, and nobody gets a turn meanwhile. */
    blockUntil(at: number) {
      now = Math.max(now, at);
    },
    pendingTimers: () => timers.length,
  };
}
