import type { Attempt } from './attempt.ts';
import type { FindingId, Severity } from './findings.ts';

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
