import type { Repeat, RepeatEnd } from '../../../../../model/index.ts';
import { roundsForBound } from '../../../../../model/index.ts';
import { MAX_ROUNDS } from '../../../../../model/repeat-file.ts';
import type { SourcedInventory } from '../../../config/index.ts';
import type { Turn } from '../../shared/turns.ts';

export interface ScheduleOptions {
  readonly repeat: Repeat;
  /** Of the first pass, in order. */
  readonly inventories: readonly SourcedInventory[];
  /** The share of rounds that must be strong. */
  readonly strongRounds: number;
  /** The inventories of the next pass, which may be others. Default: the same. */
  readonly nextPass?: () => readonly SourcedInventory[];
  /** Milliseconds on any clock. */
  readonly now: () => number;
}

/** What a turn has come to. */
export interface TurnResult {
  readonly isViolated: boolean;
  readonly strongRounds: number;
  /** Somebody raced in it. */
  readonly isRaced: boolean;
}

/** Says what is visited next, and when rounds need not go on. Pure but for its clock. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #visits = new Map<string, number>();
  #startMs: number | undefined;
  #pass: readonly SourcedInventory[];
  #passes = 1;
  /** Turns before this pass, and in it. */
  #before = 0;
  #inPass = 0;
  #strong = 0;
  #racedInPass = 0;
  #isViolated = false;
  #end: RepeatEnd | undefined;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#pass = options.inventories;
  }

  /** Why rounds do not go on; undefined while they do. */
  get end(): RepeatEnd | undefined {
    return this.#end;
  }

  /** Rounds that count. */
  get strong(): number {
    return this.#strong;
  }

  /** The turn is over. */
  report({ isViolated, strongRounds, isRaced }: TurnResult): void {
    this.#strong += strongRounds;
    this.#racedInPass += isRaced ? 1 : 0;
    this.#isViolated ||= isViolated;
  }

  /** The next turn; undefined where there is none. */
  next(): Turn | undefined {
    this.#startMs ??= this.#options.now();
    this.#end ??= this.#endBefore(this.#startMs);
    if (this.#end !== undefined) return undefined;
    if (this.#inPass >= this.#pass.length) this.#beginPass();
    const inventory = this.#pass[this.#inPass];
    if (inventory === undefined) {
      this.#end = 'nothing left';
      return undefined;
    }
    this.#inPass += 1;
    const key = String(inventory.key);
    const visit = (this.#visits.get(key) ?? 0) + 1;
    this.#visits.set(key, visit);
    return {
      number: this.#before + this.#inPass,
      inventory,
      visit,
      index: this.#inPass,
      size: this.#pass.length,
      before: this.#before,
    };
  }

  #beginPass(): void {
    const { nextPass } = this.#options;
    this.#before += this.#pass.length;
    this.#passes += 1;
    this.#inPass = 0;
    this.#racedInPass = 0;
    if (nextPass !== undefined) this.#pass = nextPass();
  }

  #endBefore(startMs: number): RepeatEnd | undefined {
    const { repeat, strongRounds, now } = this.#options;
    const turns = this.#before + this.#inPass;
    const isAtEnd = this.#inPass >= this.#pass.length;
    if (this.#isViolated && repeat.stop === 'violation') return 'violation';
    if (repeat.times !== undefined && isAtEnd && this.#passes >= repeat.times) return 'done';
    if (repeat.forMs !== undefined && now() - startMs >= repeat.forMs) return 'done';
    if (repeat.until !== undefined) {
      const needed = roundsForBound(repeat.until);
      if (this.#strong >= needed) return 'done';
      // With more weak rounds than that, a run is no pass.
      if (turns >= Math.max(MIN_TURNS, needed / Math.max(LEAST_STRONG, strongRounds))) return 'out of reach';
    }
    // Nothing could be raced in a whole pass, so nothing would change.
    if (isAtEnd && this.#racedInPass === 0 && repeat.times === undefined) return 'out of reach';
    return turns >= MAX_ROUNDS ? 'out of reach' : undefined;
  }
}

/** However little the limits demand, so many rounds must be strong. */
const LEAST_STRONG = 0.1;
/** A few weak rounds at the beginning do not end a short run. */
const MIN_TURNS = 20;
