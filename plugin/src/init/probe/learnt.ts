import type { Condition } from '../../recording/index.ts';
import type { Where } from './order-id.ts';

/** `outcome` of the suite, as it is written there. */
export interface LearntOutcome {
  readonly success?: Condition;
  readonly refusal?: Condition;
  readonly orderId?: Where;
  readonly message?: Where;
  readonly settled?: Omit<LearntOutcome, 'settled'>;
}

/** The request that asks how a 202 went on, and what the booking captures for it. */
export interface LearntSettles {
  /** As Artillery's `capture` is written: `{ header: location, as: statusPage }`. */
  readonly capture: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly everyMs: number;
  readonly withinMs: number;
}

/** What two answers taught, as plain values of the suite's language. What is absent stays out of the suite. */
export interface Learnt {
  readonly outcome?: LearntOutcome;
  /** `state`: the answers cannot tell, so only the read-back counts. */
  readonly rule?: 'state';
  /** `readBack` of the suite. */
  readonly readBack?: Readonly<Record<string, unknown>>;
  readonly settles?: LearntSettles;
  /** At most five lines to say. What a server said in them is cleaned. */
  readonly notes: readonly string[];
}

/** Nothing can be learnt, and why; the suite is not written. */
export interface Unlearnt {
  readonly problem: Problem;
  /** What happened and what to do, on one line. */
  readonly message: string;
  /** What would help. Somebody at a terminal is asked for it. */
  readonly asksFor?: 'user' | 'read-back';
}

export type Problem =
  | 'no-answer'
  | 'not-signed-in'
  | 'rate-limited'
  | 'server-error'
  | 'refused'
  | 'same-order'
  | 'sold-twice'
  | 'equal'
  | 'undecided';

export const isUnlearnt = (result: Learnt | Unlearnt): result is Unlearnt => 'problem' in result;
