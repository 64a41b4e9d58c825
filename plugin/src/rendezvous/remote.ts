import { type RendezvousClock, TIMER_LATE_MS } from './clock.ts';
import { createDepartures, type LetGo, type ReleasedMember } from './departure.ts';
import { createRendezvous, type Rendezvous, type RendezvousOptions } from './rendezvous.ts';
import type { Stagger } from './stagger.ts';

/*
 * One rendezvous for contenders in several threads. The rendezvous itself runs in one thread, the hub. The others report
 * what their contenders do, and let their own members go when the hub says so, at an instant of the shared clock. The caller
 * carries the messages from thread to thread, in their order.
 */

/** A message from a thread to the hub. */
export type Move =
  | {
      readonly type: 'arrive';
      readonly point: string;
      readonly member: number;
      readonly stagger?: Stagger;
      /** It gets ready only once it is called. */
      readonly stages?: true;
    }
  | { readonly type: 'miss'; readonly point: string; readonly member: number }
  | { readonly type: 'staged' | 'withdraw' | 'leave'; readonly member: number };

/** A message from the hub to a thread: have these members staged, or let them go, each at its instant. */
export type Call =
  | { readonly type: 'stage'; readonly point: string; readonly members: readonly number[] }
  | {
      readonly type: 'release';
      readonly point: string;
      /** Members with the same instant go in this order. */
      readonly members: readonly Omit<ReleasedMember, 'letGo'>[];
    };

export interface HubOptions extends Omit<RendezvousOptions, 'call' | 'depart'> {
  /** How far ahead the instant of a release is set, in milliseconds: every thread must hear of it before. */
  readonly leadMs: number;
}

export interface Hub {
  /** Adds a thread; `send` carries messages to it. */
  connect(send: (call: Call) => void): HubLine;
  /** Lets everybody go who waits. */
  close(): void;
}

/** The hub's end of the line to one thread. */
export interface HubLine {
  receive(move: Move): void;
  /** The thread is gone, and so are its members. */
  lost(): void;
}

const NOTHING = () => {};

export function createHub(options: HubOptions): Hub {
  const threads = new Map<number, (call: Call) => void>();
  const rendezvous = createRendezvous({
    ...options,
    call(point, members) {
      for (const [send, ofThread] of Map.groupBy(members, (member) => threads.get(member))) {
        send?.({ type: 'stage', point, members: ofThread });
      }
    },
    depart(point, members) {
      for (const [send, ofThread] of Map.groupBy(members, ({ member }) => threads.get(member))) {
        send?.({ type: 'release', point, members: ofThread.map(({ letGo: _, ...released }) => released) });
      }
    },
  });

  return {
    connect(send) {
      const members = new Set<number>();
      return {
        receive(move) {
          const { member } = move;
          members.add(member);
          threads.set(member, send);
          switch (move.type) {
            case 'arrive':
              return rendezvous.arrive(move.point, member, NOTHING, {
                stagger: move.stagger,
                ...(move.stages && { stage: NOTHING }),
              });
            case 'staged':
              return rendezvous.staged(member);
            case 'miss':
              return rendezvous.miss(move.point, member);
            case 'withdraw':
              return rendezvous.withdraw(member);
            case 'leave':
              members.delete(member);
              return rendezvous.leave(member);
          }
        },
        lost() {
          for (const member of members) rendezvous.leave(member);
          members.clear();
        },
      };
    },
    close: () => rendezvous.close(),
  };
}

/**
 * Stands between threads and a hub that is elsewhere: carries their moves there, and its calls back to the thread of each
 * member.
 *
 * @param send carries the moves, in their order
 */
export function createRelay(send: (move: Move) => void): Pick<Hub, 'connect'> & { receive(call: Call): void } {
  const threads = new Map<number, (call: Call) => void>();
  return {
    connect(tell) {
      const members = new Set<number>();
      return {
        receive(move) {
          members.add(move.member);
          threads.set(move.member, tell);
          if (move.type === 'leave') members.delete(move.member);
          send(move);
        },
        lost() {
          for (const member of members) send({ type: 'leave', member });
          members.clear();
        },
      };
    },
    receive(call) {
      switch (call.type) {
        case 'stage':
          for (const [tell, members] of Map.groupBy(call.members, (member) => threads.get(member))) {
            tell?.({ ...call, members });
          }
          return;
        case 'release':
          for (const [tell, members] of Map.groupBy(call.members, ({ member }) => threads.get(member))) {
            tell?.({ ...call, members });
          }
          return;
      }
    },
  };
}

/** The call with its instants on another clock, which is ahead by so many milliseconds. */
export function shifted(call: Call, byMs: number): Call {
  if (call.type === 'stage') return call;
  const members = call.members.map(({ atMs, plannedAtMs, ...member }) => ({
    ...member,
    atMs: atMs + byMs,
    ...(plannedAtMs !== undefined && { plannedAtMs: plannedAtMs + byMs }),
  }));
  return { ...call, members };
}

/** The clock of a thread that lets its members go at an instant. */
export interface InstantClock extends Pick<RendezvousClock, 'now' | 'after' | 'at' | 'soon'> {
  /** Blocks the thread until the instant; returns at once if it has passed. */
  blockUntil(atMs: number): void;
}

export interface RemoteRendezvous extends Rendezvous {
  receive(call: Call): void;
}

/** The rendezvous for the members of one thread; the real one is in the hub. */
export function createRemoteRendezvous(options: {
  readonly send: (move: Move) => void;
  readonly clock: InstantClock;
}): RemoteRendezvous {
  const { send, clock } = options;
  const departures = createDepartures(clock);
  const waiting = new Map<number, { readonly point: string; readonly letGo: LetGo; readonly stage?: () => void }>();
  /** The member, unless it has left in the meantime, or waits at another point. */
  const waitingAt = (point: string, member: number) => {
    const held = waiting.get(member);
    return held?.point === point ? held : undefined;
  };

  const release = ({ point, members }: Call & { type: 'release' }): void => {
    const firstMs = members.reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
    const local = members.map(
      (released): ReleasedMember => ({
        ...released,
        letGo(plannedAtMs) {
          const { member } = released;
          const held = waitingAt(point, member);
          if (held === undefined) return;
          waiting.delete(member);
          held.letGo(plannedAtMs);
        },
      }),
    );
    const go = () => {
      // The thread may block, because nothing is in flight before the first member goes.
      clock.blockUntil(firstMs);
      departures.depart(local);
    };
    const leftMs = firstMs - clock.now();
    if (leftMs > TIMER_LATE_MS) clock.after(leftMs - TIMER_LATE_MS, go);
    else go();
  };

  return {
    arrive(point, member, letGo, { stagger, stage } = {}) {
      waiting.set(member, { point, letGo, ...(stage && { stage }) });
      send({ type: 'arrive', point, member, ...(stagger && { stagger }), ...(stage && { stages: true }) });
    },
    staged: (member) => send({ type: 'staged', member }),
    // It stays in `waiting`: the hub may have let it go already, and then it goes as soon as it can.
    withdraw: (member) => send({ type: 'withdraw', member }),
    miss(point, member) {
      if (waiting.get(member)?.point === point) waiting.delete(member);
      send({ type: 'miss', point, member });
    },
    leave(member) {
      waiting.delete(member);
      send({ type: 'leave', member });
    },
    receive(call) {
      switch (call.type) {
        case 'stage':
          for (const member of call.members) waitingAt(call.point, member)?.stage?.();
          return;
        case 'release':
          return release(call);
      }
    },
    whenQuiet: departures.whenQuiet,
    close() {
      departures.close();
      const all = [...waiting.values()];
      waiting.clear();
      for (const { letGo } of all) letGo();
    },
  };
}
