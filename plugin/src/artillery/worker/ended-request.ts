import type { Conclusion } from '../../../../model/index.ts';
import type { RaceLine } from '../../config/index.ts';
import type { Exchange } from '../../gate/index.ts';

/** A raced request and its answer. */
export interface EndedRequest {
  readonly vu: number;
  readonly round: number;
  /** Which visit to the inventory this was, where rounds repeat. */
  readonly visit?: number;
  readonly line: RaceLine;
  readonly exchange: Exchange;
  /** The instant that was planned for its release, in milliseconds on the run's clock; absent without a plan. */
  readonly plannedAtMs?: number;
  /** What its answer means, where that was read already. */
  readonly read?: Conclusion;
  /** Present where another request was to decide it. */
  readonly settled?: Settled;
}

/** What became of an attempt that another request was to decide. */
export type Settled =
  | { readonly kind: 'decided'; readonly conclusion: Conclusion; readonly atMs: number }
  /** No answer decided it in time. */
  | { readonly kind: 'open' };
