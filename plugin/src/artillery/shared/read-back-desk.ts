import { BroadcastChannel } from 'node:worker_threads';
import type { ReadBack } from '../../../../model/index.ts';
import type { RunContext } from './run-context.ts';

/** A worker asks the launcher to read an inventory back, and waits for its answer. */
export interface DeskQuestion {
  readonly kind: 'question';
  readonly id: string;
  readonly inventory: string;
  /** `before`: the first contenders are about to go for it. `after`: they have, and something will change it next. */
  readonly when: ReadBack['when'];
  /** Which visit to the inventory this is about, where rounds repeat. */
  readonly visit?: number;
  /** The headers of a contender, names and values in turn; empty: those that the launcher knows. */
  readonly rawHeaders: readonly string[];
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
