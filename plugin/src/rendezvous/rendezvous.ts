import type { RendezvousClock } from './clock.ts';
import { createDepartures, type Departures, type LetGo, type ReleasedMember, rotated } from './departure.ts';
import { Members } from './members.ts';
import { MAX_STAGING_MS, nextPhase, type PhaseEvent, REST_STEP_MS } from './phase.ts';
import { Point, type Waiting } from './point.ts';
import { createReleasedMembers, type ReleasedMembers } from './released-members.ts';
import type { Stagger } from './stagger.ts';

export interface RendezvousOptions {
  /** How many members are expected. */
  readonly parties: number;
  /** How many members there are, if more than parties may come; default: as many as parties. */
  readonly all?: number | undefined;
  /** How long to wait for the next member, in milliseconds from the latest arrival. */
  readonly timeoutMs: number;
  /**
   * How long everybody waits after the last member was staged, in milliseconds. In that time a member that lost its
   * connection can withdraw and be staged again, so that the release does not miss it.
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
  /** Has members staged; default: in this thread. */
  readonly call?: (point: string, members: readonly number[]) => void;
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
 * How a member waits. `stagger`: it goes at an offset from the others. `stage`: it gets ready only once all have come, as
 * the callback says, and reports {@link Rendezvous.staged}; without it, it comes ready. Nobody holds anything at the target
 * before all have come: a target with few workers would be busy with those who wait, and never serve those still to come.
 */
export interface Manner {
  readonly stagger?: Stagger | undefined;
  readonly stage?: () => void;
}

/**
 * A reusable barrier with membership. Members meet at a named point, get ready together, and are let go together, in one
 * synchronous loop or each at an offset. A member that leaves is no longer expected; a member that a timeout found missing is
 * not expected until it arrives again. A member waits at one point at a time; a point can be used again after its release.
 */
export interface Rendezvous {
  /**
   * Waits. `letGo` is called at the release, or at an offset from it, even if the member is not staged by then; it must be
   * quick, and must not throw.
   */
  arrive(point: string, member: number, letGo: LetGo, manner?: Manner): void;
  /** The member is ready. It changes nothing after the release. */
  staged(member: number): void;
  /** The member is not ready any more, but will be staged again: the others wait for it. It changes nothing after the release. */
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
    arrive: (point, member, letGo, { stagger, stage } = {}) => meeting.arrive(point, member, { letGo, stagger, stage }),
    staged: (member) => meeting.setStaged(member, true),
    withdraw: (member) => meeting.setStaged(member, false),
    miss: (point, member) => meeting.miss(point, member),
    leave: (member) => meeting.leave(member),
    whenQuiet: meeting.departures.whenQuiet,
    close: () => meeting.close(),
  };
}

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
    this.#members = new Members(options.parties, options.all);
  }

  arrive(name: string, member: number, waiting: Waiting): void {
    this.#released.forget(member);
    this.#members.see(member);
    this.#takeOut(member);
    const point = this.#pointNamed(name);
    point.add(member, waiting);
    this.#wait(point);
    this.#review();
  }

  setStaged(member: number, isStaged: boolean): void {
    for (const point of this.#points.values()) if (point.setStaged(member, isStaged)) this.#wait(point);
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
    const point = new Point(name);
    this.#points.set(name, point);
    return point;
  }

  /** The member waits nowhere. A point where nobody waits has no timeout. */
  #takeOut(member: number): void {
    for (const point of this.#points.values()) {
      point.remove(member);
      if (point.waiting.size > 0) continue;
      point.cancelTimeout();
      if (point.missing.size === 0) this.#on(point, { type: 'ended' });
    }
  }

  /** Waits for the next member that comes or is staged. */
  #wait(point: Point): void {
    const { timeoutMs } = this.#options;
    this.#giveUpIn(point, point.isClosed ? Math.min(timeoutMs, MAX_STAGING_MS) : timeoutMs);
  }

  #giveUpIn(point: Point, ms: number): void {
    point.cancelTimeout();
    point.cancelTimeout = this.#options.clock.after(ms, () => this.#giveUp(point));
  }

  /** Nobody came or was staged for too long: expects only the members that wait somewhere. */
  #giveUp(point: Point): void {
    if (point.isClosed) {
      point.takeAllAsStaged();
      this.#review();
      return;
    }
    const { clock, timeoutMs } = this.#options;
    // Members that were or will be let go elsewhere get the same time, counted from then.
    const leftMs = this.#released.latestMs() + timeoutMs - clock.now();
    if (leftMs > 0) {
      this.#giveUpIn(point, leftMs);
      return;
    }
    this.#members.expectOnly([...this.#points.values()].flatMap(({ waiting }) => [...waiting.keys()]));
    point.isClosed = true;
    this.#review();
  }

  /** Counts again at every point after somebody came or went. */
  #review(): void {
    const { expected } = this.#members;
    // If everybody waits somewhere, but at different points, nobody would ever be let go.
    const earliest = this.#countWaiting() >= expected ? this.#earliestPoint() : undefined;
    for (const point of this.#points.values()) {
      const { waiting, missing, isClosed, isStaged } = point;
      // Once members are at the target, they wait for nobody else: whoever is still to come may need the target first.
      const isComplete = isClosed || point === earliest || waiting.size + missing.size >= expected;
      const settles = this.#options.settleMs > 0 && waiting.size > 0;
      this.#on(point, { type: 'counted', isComplete, isStaged, settles });
      if (point.phase.kind === 'staging') this.#call(point);
    }
  }

  /** Has all members staged that were not called yet. */
  #call(point: Point): void {
    const { clock, call } = this.#options;
    const called = point.takeUncalled();
    if (called.length === 0) return;
    this.#wait(point);
    if (call !== undefined)
      call(
        point.name,
        called.map(([member]) => member),
      );
    else
      clock.soon(() => {
        for (const [, { stage }] of called) stage?.();
      });
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
    point.cancelStep = () => {};
    const look = () =>
      this.#on(point, { type: 'waited', nowMs: clock.now(), isAtRest: isAtRest === undefined || isAtRest() });
    switch (phase.kind) {
      case 'gathering':
      case 'staging':
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
