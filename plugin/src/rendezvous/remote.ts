import { type RendezvousClock, TIMER_LATE_MS } from './clock.ts';
import { createDepartures, type Leaver, type LetGo } from './departure.ts';
import { createRendezvous, type Rendezvous, type RendezvousOptions } from './rendezvous.ts';
import type { Stagger } from './stagger.ts';

/*
 * One rendezvous for contenders in several threads. The rendezvous itself is in one of them, the hub; the others tell it
 * what their contenders do, and let go whom it names, each its own, at an instant of the clock that all threads share.
 * How messages get from thread to thread is for others to say; they must keep their order.
 */

/** What a thread tells the hub. */
export type Move =
  | { readonly type: 'arrive'; readonly point: string; readonly member: number; readonly stagger?: Stagger }
  | { readonly type: 'miss'; readonly point: string; readonly member: number }
  | { readonly type: 'withdraw' | 'leave'; readonly member: number };

/** What the hub tells a thread: these of its members are to be let go, each at its instant. */
export interface Departure {
  readonly point: string;
  /** In the order in which those of one instant go. */
  readonly leavers: readonly Omit<Leaver, 'letGo'>[];
}

export interface HubOptions extends Omit<RendezvousOptions, 'depart'> {
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
  const threads = new Map<number, (departure: Departure) => void>();
  const rendezvous = createRendezvous({
    ...options,
    depart(point, leavers) {
      for (const [send, its] of Map.groupBy(leavers, ({ member }) => threads.get(member))) {
        send?.({ point, leavers: its.map(({ letGo: _, ...leaver }) => leaver) });
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
              return rendezvous.arrive(move.point, member, () => {}, move.stagger);
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
export interface InstantClock extends Pick<RendezvousClock, 'now' | 'after' | 'at' | 'soon'> {
  /** Stops the thread until the instant; returns at once where that is past. */
  blockUntil(atMs: number): void;
}

export interface RemoteRendezvous extends Rendezvous {
  receive(departure: Departure): void;
}

/** The rendezvous, as the members of one thread see it. */
export function createRemoteRendezvous(options: {
  readonly send: (move: Move) => void;
  readonly clock: InstantClock;
}): RemoteRendezvous {
  const { send, clock } = options;
  const departures = createDepartures(clock);
  const waiting = new Map<number, { readonly point: string; readonly letGo: LetGo }>();

  return {
    arrive(point, member, letGo, stagger) {
      waiting.set(member, { point, letGo });
      send({ type: 'arrive', point, member, ...(stagger && { stagger }) });
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
    receive({ point, leavers }) {
      const firstMs = leavers.reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
      const its = leavers.map(
        (leaver): Leaver => ({
          ...leaver,
          letGo(plannedAtMs) {
            const { member } = leaver;
            const waits = waiting.get(member);
            // Who left meanwhile, or waits elsewhere by now, is not held here.
            if (waits?.point !== point) return;
            waiting.delete(member);
            waits.letGo(plannedAtMs);
          },
        }),
      );
      const go = () => {
        // Nothing is under way before the first of them goes.
        clock.blockUntil(firstMs);
        departures.depart(its);
      };
      const leftMs = firstMs - clock.now();
      if (leftMs > TIMER_LATE_MS) clock.after(leftMs - TIMER_LATE_MS, go);
      else go();
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
