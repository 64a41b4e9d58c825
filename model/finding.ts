import type { Attempt } from './attempt.ts';

export type FindingId =
  | 'already-taken'
  | 'double-booking'
  | 'coupon-overused'
  | 'limit-overrun'
  | 'duplicate-order'
  | 'key-reused'
  | 'keys-merged'
  | 'unequal-answers'
  | 'hold-broken'
  | 'late-confirm'
  | 'wrongly-refused'
  | 'not-linearizable'
  | 'half-filled'
  | 'deadlock'
  | 'no-winner'
  | 'unsold'
  | 'lost-booking'
  | 'ghost-booking'
  | 'wrong-rejection'
  | 'server-error'
  | 'slow'
  | 'indeterminate'
  | 'weak-contention'
  | 'incomplete'
  | 'not-authorised'
  | 'rate-limited'
  | 'undecided'
  | 'read-back-failed'
  | 'checker-crashed';

/** A `violation` makes the verdict `fail`, a `doubt` makes it `inconclusive`. */
export type Severity = 'violation' | 'doubt';

/** One thing found wrong or doubtful. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The number of the round; absent for a finding about the whole run. */
  readonly round?: number;
  /** The key of the inventory; absent for a finding about the whole run. */
  readonly inventory?: string;
  /** One sentence in plain words. */
  readonly message: string;
  /** The smallest set of attempts that proves it; empty where what is missing is the proof. */
  readonly witness: readonly Attempt[];
}
