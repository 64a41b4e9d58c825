import type { Intent } from './operation.ts';

/**
 * One contender's request in one round.
 *
 * Every `…Ms` is in milliseconds on the run's own monotonic clock: 0 is the start of the run. A field that is absent
 * did not happen: an attempt without `releasedAtMs` was never let go, one without `firstByteAtMs` was never answered.
 */
export type Attempt = Timing & Subject & Intent & Conclusion;

interface Subject {
  /** 1, 2, 3 … in the order of the plan's inventories. */
  readonly round: number;
  /** The key of the inventory that the round is about. */
  readonly inventory: string;
  /** The number of the virtual user, 1..N. */
  readonly vu: number;
  /** The number of the worker that the virtual user ran in, where there were several. */
  readonly thread?: number;
}

interface Timing {
  /** When the whole request but its last byte was on the wire. */
  readonly stagedAtMs?: number;
  /** When the last byte was to leave, where the contenders of its round are let go at offsets. */
  readonly plannedAtMs?: number;
  /** When the last byte left. */
  readonly releasedAtMs?: number;
  readonly firstByteAtMs?: number;
  /** When the answer was complete, or when it was clear that none would come. */
  readonly completedAtMs: number;
}

/** What came back, as far as anything did. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The beginning of the body, cut to {@link MAX_RECORDED_BODY} characters; secrets are blotted out. */
      readonly body: string;
      /** The length of the whole body on the wire. */
      readonly bodyBytes: number;
    }
  | { readonly kind: 'unanswered'; readonly error: string };

/** How many characters of a body a history keeps. */
export const MAX_RECORDED_BODY = 300;

/** Why an attempt was definitely not booked. Only a `lost` contender took part in the race. */
export type FailReason = 'lost' | 'not-authorised' | 'rate-limited';

/** Why nobody can say whether the booking happened. */
export type InfoCause = 'timeout' | 'reset' | 'unreachable' | 'server-error' | 'unreadable' | 'unexpected' | 'aborted';

/**
 * `ok`: definitely booked. `fail`: definitely not. `info`: nobody can say. The words are Jepsen's; a timeout recorded as
 * `fail` would be unsound, because the booking may have happened.
 */
export type Conclusion =
  | {
      readonly outcome: 'ok';
      readonly answer: Answer & { kind: 'answered' };
      readonly orderId?: string;
      /** How many units the answer grants; absent: as many as were wanted. */
      readonly granted?: number;
    }
  | {
      readonly outcome: 'fail';
      readonly answer: Answer & { kind: 'answered' };
      readonly reason: FailReason;
      readonly message?: string;
    }
  | {
      readonly outcome: 'info';
      readonly answer: Answer;
      readonly cause: InfoCause;
      readonly message?: string;
      /**
       * The answer may have told the contender that it got what it asked for: it fits the rule of a success, or is one below
       * 400 that fits no rule. Not so 202, unless it names an order: by itself it commits to nothing (RFC 9110, 15.3.3).
       */
      readonly mayPromise?: true;
    };

/** How many units an attempt got: those that the answer grants, or else as many as it wanted. */
export const grantedTo = ({ granted, units = 1 }: Attempt & { readonly outcome: 'ok' }): number => granted ?? units;

export type Outcome = Conclusion['outcome'];

/** The status of the answer, or undefined where there was none. */
export function statusOf(attempt: Conclusion): number | undefined {
  return attempt.answer.kind === 'answered' ? attempt.answer.status : undefined;
}

/**
 * From release to the completed answer, in milliseconds; for one that timed out, to the deadline. Undefined for an attempt
 * that was never let go, and for one that was cut short by the end of the run: it says nothing about the target.
 */
export function responseTimeMs(attempt: Attempt): number | undefined {
  if (attempt.releasedAtMs === undefined) return undefined;
  if (attempt.outcome === 'info' && attempt.cause === 'aborted') return undefined;
  return attempt.completedAtMs - attempt.releasedAtMs;
}

/** The {@link responseTimeMs} of all that have one, ascending. Half a million of them are no more than 4 MB. */
export function responseTimesMs(attempts: readonly Attempt[]): Float64Array {
  const timed = attempts.filter((attempt) => responseTimeMs(attempt) !== undefined);
  return Float64Array.from(timed, (attempt) => responseTimeMs(attempt) ?? 0).sort();
}

/** What the attempt came to, in one short line for people: `201, order 41fe88ca`, `400: Seat taken`, `timeout: …`. */
export function describeConclusion(attempt: Conclusion): string {
  switch (attempt.outcome) {
    case 'ok':
      return `${attempt.answer.status}${attempt.orderId === undefined ? '' : `, order ${attempt.orderId}`}`;
    case 'fail':
      return `${attempt.answer.status}${attempt.message === undefined ? '' : `: ${attempt.message}`}`;
    case 'info':
      return attempt.answer.kind === 'answered'
        ? `${attempt.answer.status} (${attempt.cause})${attempt.message === undefined ? '' : `: ${attempt.message}`}`
        : `no answer (${attempt.cause}): ${attempt.answer.error}`;
  }
}
