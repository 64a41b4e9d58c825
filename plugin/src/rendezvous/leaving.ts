import type { RendezvousClock } from './clock.ts';
import type { Leaver, LetGo } from './departure.ts';
import { instantsOf, type Stagger } from './stagger.ts';

/** A member that was let go, and whose instant may not be past yet. */
interface Leaving {
  readonly point: string;
  readonly atMs: number;
  letGo: LetGo;
}

/** Who is on its way out of which point: such a member waits no longer, and is not gone yet. */
export interface LeavingMembers {
  /** These are let go, in this order; the answer says when each of them is. */
  begin(
    point: string,
    members: readonly (readonly [number, { readonly letGo: LetGo; readonly stagger: Stagger | undefined }])[],
  ): Leaver[];
  /** Whether the member is on its way out of the point. */
  isOf(point: string, member: number): boolean;
  /** It is let go by something else, at the same instant. */
  replace(member: number, letGo: LetGo): void;
  /** It is not on its way any more; where its instant is not past yet, it is not let go. */
  end(member: number): void;
  /** The last instant at which somebody was let go, or will be; -Infinity: there was none. */
  lastMs(): number;
  /** Lets those go whose instant is not past yet. */
  close(): void;
}

/** @param leadMs how late another thread may hear of an instant */
export function createLeaving(clock: Pick<RendezvousClock, 'now'>, leadMs: number): LeavingMembers {
  const members = new Map<number, Leaving>();

  const end = (member: number) => {
    const its = members.get(member);
    if (its !== undefined) its.letGo = () => {};
    members.delete(member);
  };

  return {
    begin(point, its) {
      const staggers = its.map(([, { stagger }]) => stagger);
      const isPlanned = staggers.some((stagger) => stagger !== undefined);
      const instants = instantsOf(staggers, clock.now() + leadMs);
      return its.flatMap(([member, { letGo }], index) => {
        const instant = instants[index];
        if (instant === undefined) return [];
        const { atMs, plannedAtMs } = instant;
        const leaving: Leaving = { point, atMs, letGo };
        members.set(member, leaving);
        // What it is let go by may change until then.
        return [{ member, atMs, letGo: (planned) => leaving.letGo(planned), ...(isPlanned && { plannedAtMs }) }];
      });
    },
    isOf(point, member) {
      const its = members.get(member);
      return its?.point === point && clock.now() < its.atMs + leadMs;
    },
    replace(member, letGo) {
      const its = members.get(member);
      if (its !== undefined) its.letGo = letGo;
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
