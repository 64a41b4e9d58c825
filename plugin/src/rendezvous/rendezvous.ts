/** What a rendezvous needs of time; injected, so that tests decide what happens when. */
export interface RendezvousClock {
  /** Calls back after the given milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back once the event loop has dealt with what is pending. */
  soon(callback: () => void): void;
}

export interface RendezvousOptions {
  /** How many members are expected. */
  readonly parties: number;
  /** How long to wait for the next member, in milliseconds; counted from the latest arrival. */
  readonly timeoutMs: number;
  readonly clock: RendezvousClock;
  /** Called after each release. */
  readonly released?: (release: Release) => void;
}

/** One release: who was let go at which point. */
export interface Release {
  readonly point: string;
  readonly members: number;
  /** It went without all the parties. */
  readonly underfilled: boolean;
}

/**
 * An N-party reusable barrier with membership. Members meet at a named point and are let go together, in one synchronous
 * loop. A member that leaves no longer counts, nor does one that a timeout found missing, until it arrives again. A
 * member waits at one point at a time; the same point may be used again after its release.
 */
export interface Rendezvous {
  /** `letGo` is called at the release; it must be quick, and must not throw. */
  arrive(point: string, member: number, letGo: () => void): void;
  /** The member is not coming any more. */
  leave(member: number): void;
  /** Lets everybody go who waits. */
  close(): void;
}

export const systemClock: RendezvousClock = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  soon: (callback) => void setImmediate(callback),
};

interface Point {
  readonly waiting: Map<number, () => void>;
  cancelTimeout: () => void;
}

export function createRendezvous(options: RendezvousOptions): Rendezvous {
  const { parties, timeoutMs, clock } = options;
  const points = new Map<string, Point>();
  /** Members that are known and counted on. */
  const present = new Set<number>();
  const gone = new Set<number>();
  /** Members that were never seen and are still counted on. */
  let strangers = parties;
  let releases = 0;

  const expected = () => present.size + strangers;
  const waiting = () => [...points.values()].reduce((sum, point) => sum + point.waiting.size, 0);

  const release = (name: string, point: Point) => {
    points.delete(name);
    point.cancelTimeout();
    clock.soon(() => {
      const members = point.waiting.size;
      for (const letGo of rotated([...point.waiting.values()], releases++)) letGo();
      options.released?.({ point: name, members, underfilled: members < parties });
    });
  };

  const releaseWhoIsReady = () => {
    for (const [name, point] of points) if (point.waiting.size >= expected()) release(name, point);
    // Everybody who could still come waits elsewhere: nobody would ever be let go.
    if (points.size > 0 && waiting() >= expected()) for (const [name, point] of points) release(name, point);
  };

  const giveUp = (name: string, point: Point) => {
    strangers = 0;
    present.clear();
    for (const { waiting: its } of points.values()) for (const member of its.keys()) present.add(member);
    release(name, point);
    releaseWhoIsReady();
  };

  return {
    arrive(name, member, letGo) {
      gone.delete(member);
      if (!present.has(member)) {
        present.add(member);
        strangers = Math.max(0, strangers - 1);
      }
      const point = points.get(name) ?? { waiting: new Map(), cancelTimeout: () => {} };
      points.set(name, point);
      point.waiting.set(member, letGo);
      point.cancelTimeout();
      point.cancelTimeout = clock.after(timeoutMs, () => giveUp(name, point));
      releaseWhoIsReady();
    },
    leave(member) {
      if (gone.has(member)) return;
      gone.add(member);
      if (!present.delete(member)) strangers = Math.max(0, strangers - 1);
      releaseWhoIsReady();
    },
    close() {
      for (const [name, point] of points) release(name, point);
    },
  };
}

/** The list, begun at another place each time: who is let go first must not be the same in every round. */
function rotated<T>(list: readonly T[], by: number): T[] {
  // A stride that shares no factor with common numbers of members visits every place before it repeats one.
  const start = (by * 37) % Math.max(1, list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}
