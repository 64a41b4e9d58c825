import type { RendezvousClock } from './clock.ts';
import { createDepartures, type Leaver, type LetGo } from './departure.ts';
import { createLeaving } from './leaving.ts';
import type { Stagger } from './stagger.ts';

export interface RendezvousOptions {
  /** How many members are expected. */
  readonly parties: number;
  /** How long to wait for the next member, in milliseconds; counted from the latest arrival. */
  readonly timeoutMs: number;
  /**
   * How long everybody waits on after the last has come, in milliseconds: a member whose request was lost meanwhile (its
   * connection was closed) can withdraw and arrive again before the release, and not after it.
   */
  readonly settleMs: number;
  readonly clock: RendezvousClock;
  /** Called when members begin to settle: the time for what must not happen in the release. */
  readonly settling?: () => void;
  /**
   * Asked once they have settled, and every {@link REST_STEP_MS} from then on: does nothing else go on that would come
   * between them? They wait for it, {@link MAX_REST_MS} at the most. Absent: always.
   */
  readonly isAtRest?: () => boolean;
  /**
   * The place of a point in the order in which members come by. Where all of them wait, but not at one point (some skip
   * what others do not), those at the first one are let go: nobody can come there any more. Absent: the oldest point is.
   */
  readonly placeOf?: (point: string) => number;
  /** Called after each release; where it has offsets, once it is under way. */
  readonly released?: (release: Release) => void;
  /** How far ahead the instant of a release is, in milliseconds; default: 0. */
  readonly leadMs?: number;
  /** Lets them go, each at its instant; default: here. They are in the order in which those of one instant go. */
  readonly depart?: (point: string, leavers: readonly Leaver[]) => void;
}

/** How long a busy moment is waited for before it is looked at again. */
export const REST_STEP_MS = 5;
/** A process that never comes to rest (other flows of the suite) holds nobody up for longer. */
export const MAX_REST_MS = 100;

/** One release: who was let go at which point. */
export interface Release {
  readonly point: string;
  readonly members: number;
  /** It went without all the parties. */
  readonly underfilled: boolean;
}

/**
 * An N-party reusable barrier with membership. Members meet at a named point and are let go together, in one synchronous
 * loop, or each at its offset. A member that leaves no longer counts, nor does one that a timeout found missing, until it arrives again. A
 * member waits at one point at a time; the same point may be used again after its release.
 */
export interface Rendezvous {
  /** `letGo` is called at the release, or at an offset from it; it must be quick, and must not throw. */
  arrive(point: string, member: number, letGo: LetGo, stagger?: Stagger): void;
  /** The member does not wait any more, and will arrive again: the others wait for it. One on its way out stays that. */
  withdraw(member: number): void;
  /** The member will not come to this point, and is not waited for there. */
  miss(point: string, member: number): void;
  /** The member is not coming any more; where it waits, it is not let go. */
  leave(member: number): void;
  /** Calls back as soon as nobody in this thread is about to be let go: by then, what takes its time is no spread. */
  whenQuiet(callback: () => void): void;
  /** Lets everybody go who waits. */
  close(): void;
}

interface Waiting {
  readonly letGo: LetGo;
  readonly stagger: Stagger | undefined;
}

interface Point {
  readonly waiting: Map<number, Waiting>;
  readonly missing: Set<number>;
  cancelTimeout: () => void;
  /** Set while the members settle before the release. */
  cancelSettling?: (() => void) | undefined;
}

export function createRendezvous(options: RendezvousOptions): Rendezvous {
  const { parties, timeoutMs, settleMs, clock, leadMs = 0 } = options;
  const departures = createDepartures(clock);
  const depart = options.depart ?? ((_, leavers) => departures.depart(leavers));
  const leaving = createLeaving(clock, leadMs);
  const points = new Map<string, Point>();
  /** Members that are known and counted on. */
  const present = new Set<number>();
  const gone = new Set<number>();
  /** Members that were never seen and are still counted on. */
  let strangers = parties;
  let releases = 0;

  const expected = () => present.size + strangers;
  const waiting = () => [...points.values()].reduce((sum, point) => sum + point.waiting.size, 0);

  const firstPoint = (): string | undefined => {
    const names = [...points].flatMap(([name, point]) => (point.waiting.size > 0 ? [name] : []));
    const places = names.map((name) => options.placeOf?.(name) ?? 0);
    return names[places.indexOf(Math.min(...places))];
  };

  const pointOf = (name: string): Point => {
    const point = points.get(name) ?? { waiting: new Map(), missing: new Set(), cancelTimeout: () => {} };
    points.set(name, point);
    return point;
  };

  const letGo = (name: string, point: Point) => {
    const members = point.waiting.size;
    const its = rotated([...point.waiting], releases++);
    if (leadMs === 0 && its.every(([, { stagger }]) => stagger === undefined)) {
      for (const [, { letGo: go }] of its) go();
    } else depart(name, leaving.begin(name, its));
    options.released?.({ point: name, members, underfilled: members < parties });
  };

  const end = (name: string, point: Point) => {
    points.delete(name);
    point.cancelTimeout();
    point.cancelSettling?.();
  };

  const release = (name: string, point: Point) => {
    end(name, point);
    if (point.waiting.size > 0) clock.soon(() => letGo(name, point));
  };

  const releaseAtRest = (name: string, point: Point, latestMs = clock.now() + MAX_REST_MS) => {
    if (clock.now() < latestMs && options.isAtRest?.() === false) {
      point.cancelSettling = clock.after(REST_STEP_MS, () => releaseAtRest(name, point, latestMs));
      return;
    }
    // What the event loop has still to tell, such as a connection that was closed, comes before the decision.
    let isOff = false;
    point.cancelSettling = () => {
      isOff = true;
    };
    clock.soon(() => {
      if (isOff) return;
      end(name, point);
      letGo(name, point);
    });
  };

  /** Lets go where everybody has come, and keeps those who were about to go where that no longer holds. */
  const review = () => {
    // Everybody who could still come waits somewhere: nobody would ever be let go.
    const stuckAt = waiting() >= expected() ? firstPoint() : undefined;
    for (const [name, point] of points) {
      const isFull = point.waiting.size + point.missing.size >= expected();
      if (!isFull && name !== stuckAt) {
        point.cancelSettling?.();
        point.cancelSettling = undefined;
      } else if (settleMs <= 0 || point.waiting.size === 0) release(name, point);
      else if (point.cancelSettling === undefined) {
        // The time runs while that is done.
        point.cancelSettling = clock.after(settleMs, () => releaseAtRest(name, point));
        options.settling?.();
      }
    }
  };

  const giveUp = (name: string, point: Point) => {
    // Who was let go elsewhere since then, or is still to be, is not missing here, but not due yet.
    const leftMs = leaving.lastMs() + timeoutMs - clock.now();
    if (leftMs > 0) {
      point.cancelTimeout = clock.after(leftMs, () => giveUp(name, point));
      return;
    }
    strangers = 0;
    present.clear();
    for (const { waiting: its } of points.values()) for (const member of its.keys()) present.add(member);
    release(name, point);
    review();
  };

  const count = (member: number) => {
    gone.delete(member);
    if (present.has(member)) return;
    present.add(member);
    strangers = Math.max(0, strangers - 1);
  };

  /** The member waits nowhere any more, and nobody is given up on at a point where nobody waits. */
  const takeOut = (member: number) => {
    for (const [name, point] of points) {
      point.waiting.delete(member);
      if (point.waiting.size > 0) continue;
      point.cancelTimeout();
      if (point.missing.size === 0) release(name, point);
    }
  };

  return {
    arrive(name, member, letGo, stagger) {
      if (leaving.isOf(name, member)) {
        // It was staged anew, on another connection; its instant stands.
        leaving.replace(member, letGo);
        return;
      }
      leaving.end(member);
      count(member);
      takeOut(member);
      const point = pointOf(name);
      point.waiting.set(member, { letGo, stagger });
      point.cancelTimeout();
      point.cancelTimeout = clock.after(timeoutMs, () => giveUp(name, point));
      review();
    },
    withdraw(member) {
      takeOut(member);
      review();
    },
    miss(name, member) {
      if (leaving.isOf(name, member)) {
        leaving.end(member);
        return;
      }
      count(member);
      takeOut(member);
      pointOf(name).missing.add(member);
      review();
    },
    leave(member) {
      if (gone.has(member)) return;
      gone.add(member);
      leaving.end(member);
      if (!present.delete(member)) strangers = Math.max(0, strangers - 1);
      // Where it waited, or was missed, it would now count for somebody else.
      for (const point of points.values()) point.missing.delete(member);
      takeOut(member);
      review();
    },
    whenQuiet: departures.whenQuiet,
    close() {
      departures.close();
      leaving.close();
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
