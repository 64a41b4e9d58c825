import type { ListedInventory } from '../../../recording/index.ts';

/** What a source gave. */
export interface SourceAnswer {
  /** What was asked, for messages: `GET http://127.0.0.1:3000/seats` or `seats.csv`. */
  readonly asked: string;
  readonly listed: readonly ListedInventory[] | string;
  /** The beginning of the answer, for messages; empty if there is no answer. */
  readonly said: string;
}
