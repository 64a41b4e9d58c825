import { BroadcastChannel } from 'node:worker_threads';
import type { RunContext } from './run-context.ts';

/** A worker asks the launcher to read inventories back, and waits for its answer. */
export type DeskQuestion = { readonly kind: 'question'; readonly id: string } & (QuestionBefore | QuestionAfter);

/** The first contenders are about to go for an inventory. */
export interface QuestionBefore {
  readonly when: 'before';
  readonly inventory: string;
  /** Which visit to the inventory this is about, where rounds repeat. */
  readonly visit?: number;
  /** The headers of a contender, names and values in turn; empty: those that the launcher knows. */
  readonly rawHeaders: readonly string[];
}

/** Contenders have gone for something, and a request will change it next. */
export interface QuestionAfter {
  readonly when: 'after';
  /** What the contender that asks has gone for since it last met the others. */
  readonly raced: readonly RacedFor[];
}

/** What a contender has gone for, and when its request was over, in milliseconds on the run's clock. */
export interface RacedFor {
  readonly inventory: string;
  readonly completedAtMs: number;
}

/** The answer of the server is in the history by now. */
export interface DeskAnswer {
  readonly kind: 'answer';
  /** Of the question. */
  readonly id: string;
  /** Only for `before`: nobody can get it any more. */
  readonly isTaken: boolean;
}

/**
 * Takes questions from workers to the launcher, which alone asks the server, and answers back. Headers hold secrets: they
 * go from memory to memory, never into a file.
 */
export const deskChannel = ({ runId }: RunContext) => new BroadcastChannel(`artillery-plugin-race:${runId}:read-back`);
