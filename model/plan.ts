import type { Inventory } from './inventory.ts';
import type { Rule } from './rules.ts';
import type { StatusSet } from './status.ts';

/** What the run set out to do, and by which limits it is judged. */
export interface Plan {
  /** How many virtual users go for each inventory; at least 2. */
  readonly contenders: number;
  /** In the order of the rounds. Empty where a foreign suite does not say: then each inventory met is a round. */
  readonly inventories: readonly Inventory[];
  readonly limits: Limits;
  /** Whether the server is to be asked, afterwards, who owns each inventory. */
  readonly readBack: boolean;
  /** Absent: an ordinary race. */
  readonly rule?: Rule;
}

/** The thresholds of the judging; the defaults are in `config/schema.ts`. */
export interface Limits {
  /** Statuses with which a loser may be refused. */
  readonly rejections: StatusSet;
  /** How many answers 5xx a run may have. */
  readonly serverErrors: number;
  /** 95th percentile of the response times, in milliseconds. */
  readonly p95Ms: number;
  /** Largest spread of a round, in milliseconds. */
  readonly spreadMs: number;
  /** Smallest overlap of a round, as a share of the contenders (0..1). */
  readonly overlap: number;
}
