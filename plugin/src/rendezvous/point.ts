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

const NOTHING = () => {};

/** A point where members wait. */
export class Point {
  readonly name: string;
  /** In the order of arrival. */
  readonly waiting = new Map<number, Waiting>();
  /** Those of them that are still to be called, and to be staged. Kept, because whoever comes asks for both. */
  readonly #uncalled = new Set<number>();
  readonly #unstaged = new Set<number>();
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
    return this.#unstaged.size === 0;
  }

  add(member: number, waiting: Waiting): void {
    this.waiting.set(member, waiting);
    if (waiting.stage === undefined) return;
    this.#uncalled.add(member);
    this.#unstaged.add(member);
  }

  /** The member waits here no longer. */
  remove(member: number): void {
    this.waiting.delete(member);
    this.#uncalled.delete(member);
    this.#unstaged.delete(member);
  }

  /** @returns false if the member does not wait here */
  setStaged(member: number, isStaged: boolean): boolean {
    if (!this.waiting.has(member)) return false;
    if (isStaged) this.#unstaged.delete(member);
    else this.#unstaged.add(member);
    return true;
  }

  /** Waits no longer until members are staged. */
  takeAllAsStaged(): void {
    this.#unstaged.clear();
  }

  /** Returns the members to call, each once. */
  takeUncalled(): (readonly [number, Waiting])[] {
    this.isClosed = true;
    if (this.#uncalled.size === 0) return [];
    const uncalled = [...this.waiting].filter(([member]) => this.#uncalled.has(member) && this.#unstaged.has(member));
    for (const [member] of uncalled) this.#uncalled.delete(member);
    return uncalled;
  }
}
