import type { RendezvousClock } from './clock.ts';
import type { Leaver, LetGo } from './departure.ts';
import { instantsOf, type Stagger } from './stagger.ts';

/** A member that was released; its instant may not have passed yet. */
interface Leaving {
  readonly point: string;
  readonly atMs: number;
  letGo: LetGo;
}

/** Members that were released but whose instant has not passed yet, by point. */
export interface LeavingMembers {
  /** Releases members in this order, and returns the instant of each. */
  begin(
    point: string,
    members: readonly (readonly [number, { readonly letGo: LetGo; readonly stagger: Stagger | undefined }])[],
  ): Leaver[];
  /** Whether the member was released from this point and its instant has not passed. */
  isOf(point: string, member: number): boolean;
  /** Another function lets the member go, at the same instant. */
  replace(member: number, letGo: LetGo): void;
  /** Forgets the member. If its instant has not passed yet, it is not let go. */
  end(member: number): void;
  /** The latest instant of any member, past or to come; -Infinity without members. */
  lastMs(): number;
  /** Lets members go whose instant has not passed yet. */
  close(): void;
}

/** @param leadMs how far ahead instants are set, so that every thread hears of them in time */
export function createLeaving(clock: Pick<RendezvousClock, 'now'>, leadMs: number): LeavingMembers {
  const members = new Map<number, Leaving>();

  const end = (member: number) => {
    const leaving = members.get(member);
    if (leaving !== undefined) leaving.letGo = () => {};
    members.delete(member);
  };

  return {
    begin(point, released) {
      const staggers = released.map(([, { stagger }]) => stagger);
      const isPlanned = staggers.some((stagger) => stagger !== undefined);
      const instants = instantsOf(staggers, clock.now() + leadMs);
      return released.flatMap(([member, { letGo }], index) => {
        const instant = instants[index];
        if (instant === undefined) return [];
        const { atMs, plannedAtMs } = instant;
        const leaving: Leaving = { point, atMs, letGo };
        members.set(member, leaving);
        // Not `letGo` itself: `replace` may still change it.
        return [{ member, atMs, letGo: (planned) => leaving.letGo(planned), ...(isPlanned && { plannedAtMs }) }];
      });
    },
    isOf(point, member) {
      const leaving = members.get(member);
      return leaving?.point === point && clock.now() < leaving.atMs + leadMs;
    },
    replace(member, letGo) {
      const leaving = members.get(member);
      if (leaving !== undefined) leaving.letGo = letGo;
    },
    end,
    lastMs: () => [...members.values()].reduce((last, { atMs }) => Math.max(last, atMs), -Infinity),
    close() {
      for (const [member, { letGo, atMs }] of members) {
        end(member);
        if (atMs > clock.now()) letGo();
      }
    },
  };
}
