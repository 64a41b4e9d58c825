import type { RendezvousClock } from './clock.ts';

/** Lets a member go. `plannedAtMs` is the planned instant on the clock; undefined in a release without offsets. */
export type LetGo = (plannedAtMs?: number) => void;

/** A member that was released, and the instant at which it goes. */
export interface ReleasedMember {
  readonly member: number;
  readonly letGo: LetGo;
  /** When it goes, in milliseconds on the clock. */
  readonly atMs: number;
  /** When it was planned to go; undefined in a release without offsets. */
  readonly plannedAtMs?: number;
}

/** Lets members of this thread go, each at its instant. */
export interface Departures {
  /** Members with the same instant go in one loop, in the given order. */
  depart(released: readonly ReleasedMember[]): void;
  /**
   * Runs the callback when no release is imminent, so slow work cannot widen the spread. Many callbacks are spread over
   * turns of the event loop, so that answers are read and timed in between.
   */
  whenQuiet(callback: () => void): void;
  /** Runs all callbacks that still wait. */
  close(): void;
}

/** Slow work may start only if the next release is at least this far away. */
const QUIET_MS = 20;
/** Slow work takes at most this long in one turn of the event loop, because answers that come meanwhile are timed late. */
const TURN_MS = 5;

export function createDepartures(clock: Pick<RendezvousClock, 'now' | 'at' | 'soon'>): Departures {
  /** The next instant of each departure under way. */
  const nextMs = new Map<object, number>();
  const isQuiet = () => {
    for (const atMs of nextMs.values()) if (atMs - clock.now() < QUIET_MS) return false;
    return true;
  };
  const slowWork = createQueue(clock, isQuiet);

  return {
    depart(released) {
      const groups = [...Map.groupBy(released, ({ atMs }) => atMs)].toSorted(([a], [b]) => a - b);
      let next = 0;
      const go = (): void => {
        for (let group = groups[next]; group !== undefined; group = groups[++next]) {
          const [atMs, members] = group;
          if (atMs > clock.now()) {
            nextMs.set(groups, atMs);
            clock.at(atMs, go);
            slowWork.drainSoon();
            return;
          }
          for (const { letGo, plannedAtMs } of members) letGo(plannedAtMs);
        }
        nextMs.delete(groups);
        slowWork.drainSoon();
      };
      go();
    },
    whenQuiet: slowWork.add,
    close: slowWork.close,
  };
}

/** Callbacks that wait for quiet. */
function createQueue(clock: Pick<RendezvousClock, 'now' | 'soon'>, isQuiet: () => boolean) {
  const waiting: (() => void)[] = [];
  let isDraining = false;

  /** Checks before each callback, because each may use up the time. */
  const drain = () => {
    isDraining = false;
    const latestMs = clock.now() + TURN_MS;
    // At least one callback runs: otherwise none would ever run in a thread that loses the processor that long each time.
    do {
      if (waiting.length === 0 || !isQuiet()) return;
      drainSoon();
      waiting.shift()?.();
    } while (clock.now() < latestMs);
  };

  const drainSoon = () => {
    if (isDraining || waiting.length === 0) return;
    isDraining = true;
    clock.soon(drain);
  };

  return {
    drainSoon,
    add(callback: () => void) {
      waiting.push(callback);
      if (!isDraining) drain();
    },
    close() {
      for (const callback of waiting.splice(0)) callback();
    },
  };
}

/** The list with another start each time, so that no member is first in every round. */
export function rotated<T>(list: readonly T[], by: number): T[] {
  // 37 shares no factor with common numbers of members, so each start comes once before any comes again.
  const start = (by * 37) % Math.max(1, list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}
