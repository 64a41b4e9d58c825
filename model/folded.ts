import type { History } from './history.ts';
import type { Finding } from './verdict-file.ts';

/**
 * What is known about rounds of a long run whose attempts are not kept. Each visit was judged by itself; what only all rounds
 * together can show is added up here.
 */
export interface Folded {
  /** The numbers of these rounds. */
  readonly rounds: ReadonlySet<number>;
  /** What was raced for in them. */
  readonly inventories: ReadonlySet<string>;
  /** Attempts that these rounds were to have, that they lack, and that they have besides. */
  readonly planned: number;
  readonly missing: number;
  readonly surplus: number;
  /** How many of the rounds count for how strong the contention was, and how many of those were strong. */
  readonly counted: number;
  readonly strong: number;
  /** How many rounds nobody got an answer in. */
  readonly silent: number;
  /** How many answers 5xx there were, by status. */
  readonly serverErrors: ReadonlyMap<number, number>;
  /** Ascending. */
  readonly responseTimesMs: Float64Array;
  /** What was found in each of them by itself. */
  readonly findings: readonly Finding[];
}

/** A history that may be of a long run. */
export interface FoldedHistory extends History {
  /** What is known about the rounds that are not in `attempts`; absent where all are. */
  readonly folded?: Folded;
}
