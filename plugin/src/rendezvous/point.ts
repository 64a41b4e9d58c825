import type { LetGo } from './departure.ts';
import type { Phase } from './phase.ts';
import type { Stagger } from './stagger.ts';

/** A member that waits at a point. */
export interface Waiting {
  readonly letGo: LetGo;
  readonly stagger: Stagger | undefined;
  /** Begins to stage the member; undefined: it needs no staging. */
  readonly stage: (() => void) | undefined;
}

interface Place extends Waiting {
  isCalled: boolean;
  isStaged: boolean;
}

const NOTHING = () => {};

/** A point where members wait. */
export class Point {
  readonly name: string;
  /** In the order of arrival. */
  readonly waiting = new Map<number, Place>();
  /** Members that will not come here. */
  readonly missing = new Set<number>();
  phase: Phase = { kind: 'gathering' };
  /** Nobody else is waited for: members were called to be staged, or somebody did not come in time. */
  isClosed = false;
  /** Cancels the timer of the phase. */
  cancelStep: () => void = NOTHING;
  /** Cancels the wait for the next member, or for the next one to be staged. */
  cancelTimeout: () => void = NOTHING;

  constructor(name: string) {
    this.name = name;
  }

  get isStaged(): boolean {
    for (const { isStaged } of this.waiting.values()) if (!isStaged) return false;
    return true;
  }

  add(member: number, waiting: Waiting): void {
    this.waiting.set(member, { ...waiting, isCalled: false, isStaged: waiting.stage === undefined });
  }

  /** @returns false if the member does not wait here */
  setStaged(member: number, isStaged: boolean): boolean {
    const place = this.waiting.get(member);
    if (place === undefined) return false;
    place.isStaged = isStaged;
    return true;
  }

  /** Waits no longer until members are staged. */
  takeAllAsStaged(): void {
    for (const place of this.waiting.values()) place.isStaged = true;
  }

  /** Returns the members to call, each once. */
  takeUncalled(): (readonly [number, Waiting])[] {
    this.isClosed = true;
    const uncalled = [...this.waiting].filter(([, { isCalled, isStaged }]) => !isCalled && !isStaged);
    for (const [, place] of uncalled) place.isCalled = true;
    return uncalled;
  }
}
