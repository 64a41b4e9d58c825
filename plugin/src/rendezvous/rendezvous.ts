import type { RendezvousClock } from './clock.ts';
import { createDepartures, type Departures, type LetGo, type ReleasedMember } from './departure.ts';
import { Members } from './members.ts';
import { nextPhase, type Phase, type PhaseEvent, REST_STEP_MS } from './phase.ts';
import { createReleasedMembers, type ReleasedMembers } from './released-members.ts';
import type { Stagger } from './stagger.ts';

export interface RendezvousOptions {
  /** How many members are expected. */
  readonly parties: number;
  /** How long to wait for the next member, in milliseconds from the latest arrival. */
  readonly timeoutMs: number;
  /**
   * How long everybody waits after the last arrival, in milliseconds. In that time a member that lost its connection can
   * withdraw and arrive again, so that the release does not miss it.
   */
  readonly settleMs: number;
  readonly clock: RendezvousClock;
  /** Called when members begin to settle. This is the time for work that must not happen during the release. */
  readonly settling?: () => void;
  /**
   * Whether the process is quiet enough for a release. Asked after settling and then every {@link REST_STEP_MS}, for at most
   * {@link MAX_REST_MS}. Default: always.
   */
  readonly isAtRest?: () => boolean;
  /**
   * The position of a point in the sequence of points: a smaller number is earlier. If all members wait, but at different
   * points (because some skip one), the earliest point is released, because nobody else can come there. Default: the oldest.
   */
  readonly orderOf?: (point: string) => number;
  /** Called after each release. A release with offsets is still under way then. */
  readonly released?: (release: Release) => void;
  /** How far ahead the instant of a release is set, in milliseconds; default: 0. */
  readonly leadMs?: number;
  /** Lets members go, each at its instant and in this order; default: in this thread. */
  readonly depart?: (point: string, members: readonly ReleasedMember[]) => void;
}

/** One release: how many members were let go at which point. */
export interface Release {
  readonly point: string;
  readonly members: number;
  /** Fewer members than expected parties were there. */
  readonly underfilled: boolean;
}

/**
 * A reusable barrier with membership. Members meet at a named point and are let go together, in one synchronous loop or each
 * at an offset. A member that leaves is no longer expected; a member that a timeout found missing is not expected until it
 * arrives again. A member waits at one point at a time; a point can be used again after its release.
 */
export interface Rendezvous {
  /** Waits. `letGo` is called at the release, or at an offset from it; it must be quick, and must not throw. */
  arrive(point: string, member: number, letGo: LetGo, stagger?: Stagger): void;
  /** The member stops waiting but will arrive again: the others wait for it. It changes nothing after the release. */
  withdraw(member: number): void;
  /** The member will not come to this point; nobody waits for it there. */
  miss(point: string, member: number): void;
  /** The member does not come any more. If it waits, it is not let go. */
  leave(member: number): void;
  /** Runs the callback when no release is imminent in this thread, so slow work cannot widen the spread. */
  whenQuiet(callback: () => void): void;
  /** Lets everybody go who waits. */
  close(): void;
}

export function createRendezvous(options: RendezvousOptions): Rendezvous {
  const meeting = new Meeting(options);
  return {
    arrive: (point, member, letGo, stagger) => meeting.arrive(point, member, { letGo, stagger }),
    withdraw: (member) => meeting.withdraw(member),
    miss: (point, member) => meeting.miss(point, member),
    leave: (member) => meeting.leave(member),
    whenQuiet: meeting.departures.whenQuiet,
    close: () => meeting.close(),
  };
}

interface Waiting {
  readonly letGo: LetGo;
  readonly stagger: Stagger | undefined;
}

/** A point where members wait. */
interface Point {
  readonly name: string;
  /** In the order of arrival. */
  readonly waiting: Map<number, Waiting>;
  /** Members that will not come here. */
  readonly missing: Set<number>;
  phase: Phase;
  /** Cancels the timer of the phase. */
  cancelStep: () => void;
  /** Cancels the wait for the next member. */
  cancelTimeout: () => void;
}

const NOTHING = () => {};

class Meeting {
  readonly departures: Departures;
  readonly #options: RendezvousOptions;
  readonly #released: ReleasedMembers;
  readonly #members: Members;
  readonly #points = new Map<string, Point>();
  #releases = 0;

  constructor(options: RendezvousOptions) {
    this.#options = options;
    this.departures = createDepartures(options.clock);
    this.#released = createReleasedMembers(options.clock, options.leadMs ?? 0);
    this.#members = new Members(options.parties);
  }

  arrive(name: string, member: number, waiting: Waiting): void {
    if (this.#released.isPending(name, member)) {
      // It lost its connection after the release and is staged on another one; the instant stands.
      this.#released.replace(member, waiting.letGo);
      return;
    }
    this.#released.forget(member);
    this.#members.see(member);
    this.#takeOut(member);
    const point = this.#pointNamed(name);
    point.waiting.set(member, waiting);
    this.#giveUpIn(point, this.#options.timeoutMs);
    this.#review();
  }

  withdraw(member: number): void {
    this.#takeOut(member);
    this.#review();
  }

  miss(name: string, member: number): void {
    if (this.#released.isPending(name, member)) {
      this.#released.forget(member);
      return;
    }
    this.#members.see(member);
    this.#takeOut(member);
    this.#pointNamed(name).missing.add(member);
    this.#review();
  }

  leave(member: number): void {
    if (!this.#members.leave(member)) return;
    this.#released.forget(member);
    // Otherwise it would count in place of a member that has yet to come.
    for (const point of this.#points.values()) point.missing.delete(member);
    this.#takeOut(member);
    this.#review();
  }

  close(): void {
    this.departures.close();
    this.#released.close();
    for (const point of this.#points.values()) this.#on(point, { type: 'ended' });
  }

  #pointNamed(name: string): Point {
    const known = this.#points.get(name);
    if (known !== undefined) return known;
    const point: Point = {
      name,
      waiting: new Map(),
      missing: new Set(),
      phase: { kind: 'gathering' },
      cancelStep: NOTHING,
      cancelTimeout: NOTHING,
    };
    this.#points.set(name, point);
    return point;
  }

  /** The member waits nowhere. A point where nobody waits has no timeout. */
  #takeOut(member: number): void {
    for (const point of this.#points.values()) {
      point.waiting.delete(member);
      if (point.waiting.size > 0) continue;
      point.cancelTimeout();
      if (point.missing.size === 0) this.#on(point, { type: 'ended' });
    }
  }

  #giveUpIn(point: Point, ms: number): void {
    point.cancelTimeout();
    point.cancelTimeout = this.#options.clock.after(ms, () => this.#giveUp(point));
  }

  /** Nobody came for too long: expects only the members that wait somewhere. */
  #giveUp(point: Point): void {
    const { clock, timeoutMs } = this.#options;
    // Members that were or will be let go elsewhere get the same time, counted from then.
    const leftMs = this.#released.latestMs() + timeoutMs - clock.now();
    if (leftMs > 0) {
      this.#giveUpIn(point, leftMs);
      return;
    }
    this.#members.expectOnly([...this.#points.values()].flatMap(({ waiting }) => [...waiting.keys()]));
    this.#on(point, { type: 'ended' });
    this.#review();
  }

  /** Counts again at every point after somebody came or went. */
  #review(): void {
    const { expected } = this.#members;
    // If everybody waits somewhere, but at different points, nobody would ever be let go.
    const earliest = this.#countWaiting() >= expected ? this.#earliestPoint() : undefined;
    for (const point of this.#points.values()) {
      const { waiting, missing } = point;
      const isComplete = point === earliest || waiting.size + missing.size >= expected;
      this.#on(point, { type: 'counted', isComplete, settles: this.#options.settleMs > 0 && waiting.size > 0 });
    }
  }

  #countWaiting(): number {
    let sum = 0;
    for (const { waiting } of this.#points.values()) sum += waiting.size;
    return sum;
  }

  /** The earliest point where somebody waits. */
  #earliestPoint(): Point | undefined {
    const { orderOf = () => 0 } = this.#options;
    const points = [...this.#points.values()].filter(({ waiting }) => waiting.size > 0);
    return points.toSorted((a, b) => orderOf(a.name) - orderOf(b.name))[0];
  }

  #on(point: Point, event: PhaseEvent): void {
    const before = point.phase;
    point.phase = nextPhase(before, event);
    if (point.phase !== before) this.#enter(point, event);
  }

  #enter(point: Point, event: PhaseEvent): void {
    const { clock, settleMs, settling, isAtRest } = this.#options;
    const { phase } = point;
    point.cancelStep();
    point.cancelStep = NOTHING;
    const look = () =>
      this.#on(point, { type: 'waited', nowMs: clock.now(), isAtRest: isAtRest === undefined || isAtRest() });
    switch (phase.kind) {
      case 'gathering':
        return;
      case 'settling':
        // The timer starts first, so that it runs while `settling` works.
        point.cancelStep = clock.after(settleMs, look);
        settling?.();
        return;
      case 'resting':
        point.cancelStep = clock.after(REST_STEP_MS, look);
        return;
      case 'deciding':
        // The event loop may be about to report that a connection was lost. That has to come first.
        clock.soon(() => {
          if (point.phase === phase) this.#on(point, { type: 'turned' });
        });
        return;
      case 'released':
        this.#points.delete(point.name);
        point.cancelTimeout();
        if (event.type === 'turned') this.#release(point);
        else if (point.waiting.size > 0) clock.soon(() => this.#release(point));
        return;
    }
  }

  #release({ name, waiting }: Point): void {
    const { leadMs = 0, parties, depart, released } = this.#options;
    const inOrder = rotated([...waiting], this.#releases++);
    if (leadMs === 0 && inOrder.every(([, { stagger }]) => stagger === undefined)) {
      for (const [, { letGo }] of inOrder) letGo();
    } else {
      const members = this.#released.release(name, inOrder);
      if (depart === undefined) this.departures.depart(members);
      else depart(name, members);
    }
    released?.({ point: name, members: inOrder.length, underfilled: inOrder.length < parties });
  }
}

/** The list with another start each time, so that no member is first in every round. */
function rotated<T>(list: readonly T[], by: number): T[] {
  // 37 shares no factor with common numbers of members, so each start comes once before any comes again.
  const start = (by * 37) % Math.max(1, list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}
