import type { Attempt } from './attempt.ts';
import type { Plan } from './plan.ts';
import type { ReadBack } from './read-back.ts';

/**
 * The versions of `history.jsonl`; it goes up when a reader of the old form would be misled. 1: an ordinary race, in which
 * every `ok` is a booking. 2: the plan has a rule, and attempts say what they asked for.
 */
export const HISTORY_VERSIONS = [1, 2] as const;
export type HistoryVersion = (typeof HISTORY_VERSIONS)[number];

/** The oldest version that says all that is to be said of a run with this plan. */
export const historyVersionOf = ({ rule }: Plan): HistoryVersion => (rule === undefined ? 1 : 2);

/** The first line of a history: what was about to happen, and everything that a report says about the set-up. */
export interface RunRecord {
  readonly type: 'run';
  readonly version: HistoryVersion;
  readonly runId: string;
  /** ISO 8601, wall clock: a label, never the base of an interval. */
  readonly startedAt: string;
  readonly env: string;
  readonly target: string;
  /** File name of the scenario, e.g. `order-race.yml`. */
  readonly scenario: string;
  /** What an inventory is called in sentences: `seat`, `slot`, `room`. */
  readonly label: string;
  readonly plan: Plan;
  /** The plugin's block after defaults and environment variables, without secrets. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The command that repeats the run, without secrets. */
  readonly command: string;
  readonly versions: { readonly plugin: string; readonly artillery: string; readonly node: string };
}

/** The last line: how the run ended. A history without one was cut off. */
export interface EndRecord {
  readonly type: 'end';
  /** ISO 8601, wall clock. */
  readonly endedAt: string;
  /** Milliseconds on the run's clock. */
  readonly atMs: number;
  readonly reason: 'completed' | 'interrupted';
}

/** Something that went wrong around the attempts, e.g. a sign-in that was refused. */
export interface ProblemRecord {
  readonly type: 'problem';
  readonly message: string;
}

export type HistoryRecord =
  | RunRecord
  | ({ readonly type: 'attempt' } & Attempt)
  | ({ readonly type: 'read-back' } & ReadBack)
  | ProblemRecord
  | EndRecord;

/** A whole history, taken apart by kind. */
export interface History {
  readonly run: RunRecord;
  readonly attempts: readonly Attempt[];
  readonly readBacks: readonly ReadBack[];
  readonly problems: readonly string[];
  /** Absent where the run was cut off. */
  readonly end?: EndRecord;
}
