import type { RendezvousClock } from './clock.ts';

/** Lets a member go. Where it is let go at an offset: told when that was to be, in milliseconds on the clock. */
export type LetGo = (plannedAtMs?: number) => void;

/** A member on its way out. */
export interface Leaver {
  readonly member: number;
  readonly letGo: LetGo;
  /** When it is let go, in milliseconds on the clock. */
  readonly atMs: number;
  /** When that was to be; absent where all are let go at once. */
  readonly plannedAtMs?: number;
}

/** Lets members of this thread go, each at its instant. */
export interface Departures {
  /** Those of one instant go in one loop, in their order. */
  depart(leavers: readonly Leaver[]): void;
  /**
   * Calls back as soon as nobody is about to go: what takes its time must not come between two of them. Nor must it keep the
   * answers of others from being read and timed: of several, the rest is called back in later turns of the event loop.
   */
  whenQuiet(callback: () => void): void;
  /** Calls back all who wait for that. */
  close(): void;
}

/** Work that is begun so long before the next instant is over by then. */
const QUIET_MS = 20;
/** Nor for longer than this in one turn of the event loop: what comes meanwhile is read, and timed, after it. */
const TURN_MS = 5;

export function createDepartures(clock: Pick<RendezvousClock, 'now' | 'at' | 'soon'>): Departures {
  /** The next instant of each departure that is under way. */
  const nextMs = new Map<object, number>();
  const waiting: (() => void)[] = [];
  let isDraining = false;

  const isQuiet = () => {
    for (const atMs of nextMs.values()) if (atMs - clock.now() < QUIET_MS) return false;
    return true;
  };

  /** Quiet is looked for before each one, because each may take as long as there was time for. */
  const drain = () => {
    isDraining = false;
    const latestMs = clock.now() + TURN_MS;
    // One at least: where the thread lost its processor for that long, nobody else might come to call back the rest.
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
    depart(leavers) {
      const groups = [...Map.groupBy(leavers, ({ atMs }) => atMs)].toSorted(([a], [b]) => a - b);
      let next = 0;
      const go = (): void => {
        for (let group = groups[next]; group !== undefined; group = groups[++next]) {
          const [atMs, its] = group;
          if (atMs > clock.now()) {
            nextMs.set(groups, atMs);
            clock.at(atMs, go);
            drainSoon();
            return;
          }
          for (const { letGo, plannedAtMs } of its) letGo(plannedAtMs);
        }
        nextMs.delete(groups);
        drainSoon();
      };
      go();
    },
    whenQuiet(callback) {
      waiting.push(callback);
      if (!isDraining) drain();
    },
    close() {
      for (const callback of waiting.splice(0)) callback();
    },
  };
}
