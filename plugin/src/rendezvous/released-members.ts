import type { RendezvousClock } from './clock.ts';
import type { LetGo, ReleasedMember } from './departure.ts';
import { instantsOf, type Stagger } from './stagger.ts';

/** A member that was released; its instant may not have passed yet. */
interface Pending {
  readonly point: string;
  readonly atMs: number;
  letGo: LetGo;
}

/** The members that were released. Each is known until it arrives elsewhere or leaves. */
export interface ReleasedMembers {
  /** Releases members in this order, and returns the instant of each. */
  release(
    point: string,
    members: readonly (readonly [number, { readonly letGo: LetGo; readonly stagger: Stagger | undefined }])[],
  ): ReleasedMember[];
  /** Whether the member was released from this point, and may still be waiting for its instant. */
  isPending(point: string, member: number): boolean;
  /** Forgets the member. If its instant has not passed yet, it is not let go. */
  forget(member: number): void;
  /** The latest instant of any member, past or to come; -Infinity without members. */
  latestMs(): number;
  /** Lets members go whose instant has not passed yet. */
  close(): void;
}

/** @param leadMs how far ahead instants are set, so that every thread hears of them in time */
export function createReleasedMembers(clock: Pick<RendezvousClock, 'now'>, leadMs: number): ReleasedMembers {
  const members = new Map<number, Pending>();

  const forget = (member: number) => {
    const pending = members.get(member);
    if (pending !== undefined) pending.letGo = () => {};
    members.delete(member);
  };

  return {
    release(point, released) {
      const staggers = released.map(([, { stagger }]) => stagger);
      const isPlanned = staggers.some((stagger) => stagger !== undefined);
      const instants = instantsOf(staggers, clock.now() + leadMs);
      return released.flatMap(([member, { letGo }], index) => {
        const instant = instants[index];
        if (instant === undefined) return [];
        const { atMs, plannedAtMs } = instant;
        const pending: Pending = { point, atMs, letGo };
        members.set(member, pending);
        // Not `letGo` itself, because `forget` may still change it.
        return [{ member, atMs, letGo: (planned) => pending.letGo(planned), ...(isPlanned && { plannedAtMs }) }];
      });
    },
    isPending(point, member) {
      const pending = members.get(member);
      return pending?.point === point && clock.now() < pending.atMs + leadMs;
    },
    forget,
    latestMs: () => [...members.values()].reduce((last, { atMs }) => Math.max(last, atMs), -Infinity),
    close() {
      for (const [member, { letGo, atMs }] of members) {
        forget(member);
        if (atMs > clock.now()) letGo();
      }
    },
  };
}
