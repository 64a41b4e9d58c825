import { createRendezvous, type Rendezvous, type RendezvousOptions } from './rendezvous.ts';

/*
 * One rendezvous for contenders in several threads. The rendezvous itself is in one of them, the hub; the others tell it
 * what their contenders do, and let go whom it names, each its own, at an instant of the clock that all threads share.
 * How messages get from thread to thread is for others to say; they must keep their order.
 */

/** What a thread tells the hub. */
export type Move =
  | { readonly type: 'arrive' | 'miss'; readonly point: string; readonly member: number }
  | { readonly type: 'withdraw' | 'leave'; readonly member: number };

/** What the hub tells a thread: these of its members are to be let go at this instant. */
export interface Departure {
  readonly point: string;
  /** In the order in which they go. */
  readonly members: readonly number[];
  /** Milliseconds on the shared clock. */
  readonly atMs: number;
}

export interface HubOptions extends RendezvousOptions {
  /** Milliseconds on the shared clock. */
  readonly now: () => number;
  /** How far ahead the instant of a release is, in milliseconds: by then every thread must have heard of it. */
  readonly leadMs: number;
}

export interface Hub {
  /** One more thread takes part, and is told by `send`. */
  connect(send: (departure: Departure) => void): HubLine;
  /** Lets everybody go who waits. */
  close(): void;
}

/** The hub's end of the line to one thread. */
export interface HubLine {
  receive(move: Move): void;
  /** The thread is gone, and its members with it. */
  lost(): void;
}

export function createHub(options: HubOptions): Hub {
  let leaving: { readonly send: (departure: Departure) => void; readonly member: number }[] = [];
  const rendezvous = createRendezvous({
    ...options,
    released(release) {
      const its = Map.groupBy(leaving, ({ send }) => send);
      leaving = [];
      const atMs = options.now() + options.leadMs;
      for (const [send, members] of its) {
        send({ point: release.point, members: members.map(({ member }) => member), atMs });
      }
      options.released?.(release);
    },
  });

  return {
    connect(send) {
      const members = new Set<number>();
      return {
        receive(move) {
          const { member } = move;
          members.add(member);
          switch (move.type) {
            case 'arrive':
              return rendezvous.arrive(move.point, member, () => leaving.push({ send, member }));
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

/** What a thread needs of time to let its members go at an instant. */
export interface InstantClock {
  /** Milliseconds on the shared clock. */
  now(): number;
  after(ms: number, callback: () => void): void;
  /** Stops the thread until the instant; returns at once where that is past. */
  blockUntil(atMs: number): void;
}

export interface RemoteRendezvous extends Rendezvous {
  receive(departure: Departure): void;
}

/** A timer may be late by a millisecond and more, so the last stretch before an instant is waited for without one. */
const BLOCK_MS = 2;

/** The rendezvous, as the members of one thread see it. */
export function createRemoteRendezvous(options: {
  readonly send: (move: Move) => void;
  readonly clock: InstantClock;
}): RemoteRendezvous {
  const { send, clock } = options;
  const waiting = new Map<number, { readonly point: string; readonly letGo: () => void }>();

  return {
    arrive(point, member, letGo) {
      waiting.set(member, { point, letGo });
      send({ type: 'arrive', point, member });
    },
    withdraw(member) {
      // It stays here: where the hub has let it go already, that holds, and it goes as soon as it can.
      send({ type: 'withdraw', member });
    },
    miss(point, member) {
      if (waiting.get(member)?.point === point) waiting.delete(member);
      send({ type: 'miss', point, member });
    },
    leave(member) {
      waiting.delete(member);
      send({ type: 'leave', member });
    },
    receive({ point, members, atMs }) {
      const go = () => {
        clock.blockUntil(atMs);
        for (const member of members) {
          const its = waiting.get(member);
          // Who left meanwhile, or waits elsewhere by now, is not held here.
          if (its?.point !== point) continue;
          waiting.delete(member);
          its.letGo();
        }
      };
      const leftMs = atMs - clock.now();
      if (leftMs > BLOCK_MS) clock.after(leftMs - BLOCK_MS, go);
      else go();
    },
    close() {
      const all = [...waiting.values()];
      waiting.clear();
      for (const { letGo } of all) letGo();
    },
  };
}
