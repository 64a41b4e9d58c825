import type * as z from 'zod';
import type { PARTS, RECORDS, SHAPES } from './history-file.ts';
import type { Immutable } from './immutable.ts';

type In<Schema extends z.ZodType> = Immutable<z.output<Schema>>;
type Shape<Name extends keyof typeof SHAPES> = In<z.ZodObject<(typeof SHAPES)[Name]>>;
type Line<Type extends keyof typeof RECORDS> = In<(typeof RECORDS)[Type]> & { readonly type: Type };

/**
 * One contender's request in one round.
 *
 * Every `…Ms` is in milliseconds on the run's own monotonic clock: 0 is the start of the run. An absent time means that it
 * did not happen: an attempt without `releasedAtMs` was never released, one without `firstByteAtMs` never answered.
 */
export type Attempt = In<typeof PARTS.attempt>;

/** A raced request as it was sent, without its secrets. */
export type RecordedRequest = NonNullable<Attempt['request']>;

/** An attempt that surely booked. */
export type Success = Extract<Attempt, { outcome: 'ok' }>;

/**
 * `ok`: definitely booked. `fail`: definitely not. `info`: nobody can say. The words are Jepsen's. A timeout recorded as
 * `fail` would be unsound, because the booking may have happened.
 */
export type Outcome = Attempt['outcome'];

/** How an attempt ended: its outcome, and what goes with it. */
export type Conclusion = Shape<'ok'> | Shape<'fail'> | Shape<'info'>;

/** What came back, as far as anything did. */
export type Answer = Conclusion['answer'];

/** Why an attempt definitely did not book. Only a `lost` contender took part in the race. */
export type FailReason = Shape<'fail'>['reason'];

/** Why nobody can say whether the booking happened. */
export type InfoCause = Shape<'info'>['cause'];

/** What a contender asked for. Defaults are those of an ordinary race: one unit, to book, by the virtual user itself. */
export type Intent = Shape<'intent'>;

/** What is fought over. A seat has capacity 1, a general-admission pool has more; where it has parts, it has their number. */
export type Inventory = Plan['inventories'][number];

/**
 * What the run set out to do, and the limits by which it is judged. `inventories` is in the order of the rounds; it is empty
 * if a suite does not name them, and then each inventory that a request names is a round.
 */
export type Plan = RunRecord['plan'];

/** The thresholds of the judging; the defaults are in `config/schema.ts`. */
export type Limits = In<typeof PARTS.limits>;

/**
 * What the server said about one inventory, `before` the first round or `after` the last. `orderIds` are the bookings that
 * it holds; a server that only says "booked" gives `units` without ids.
 */
export type ReadBack = In<(typeof RECORDS)['read-back']>;

/** The first line of a history: what was about to happen, and everything that a report says about the set-up. */
export type RunRecord = Line<'run'>;
/** The last line: how the run ended. A history without one was cut off. */
export type EndRecord = Line<'end'>;
/** Something that went wrong around the attempts, e.g. a sign-in that was refused. */
export type ProblemRecord = Line<'problem'>;
/** How wrong a machine's clock may be during one round. */
export type ClockRecord = Line<'clock'>;
/** Inventories that a request named when it was asked again. */
export type MoreRecord = Line<'more'>;
/** How often rounds repeat. */
export type Repeat = NonNullable<Plan['repeat']>;
/** Why no further round was raced, where rounds repeat. */
export type RepeatEnd = NonNullable<EndRecord['repeated']>;
/** A machine, or Redis, was silent for too long. */
export type LostRecord = Line<'lost'>;
export type HistoryRecord =
  | RunRecord
  | MoreRecord
  | Line<'attempt'>
  | Line<'read-back'>
  | ProblemRecord
  | ClockRecord
  | LostRecord
  | EndRecord;

/** What went wrong around the attempts, and for whom: equal reasons are one problem. */
export type Problem = In<typeof PARTS.problem>;

/** A whole history, sorted by kind. */
export interface History {
  readonly run: RunRecord;
  readonly attempts: readonly Attempt[];
  /** Attempts that were held and released with the others, and are judged by nothing. */
  readonly unjudged?: readonly Attempt[];
  readonly readBacks: readonly ReadBack[];
  readonly problems: readonly Problem[];
  /** Empty where a single machine raced. */
  readonly clocks?: readonly ClockRecord[];
  readonly lost?: readonly LostRecord[];
  /** The machines whose histories are in it, where there were several. */
  readonly machines?: readonly number[];
  /** Absent where the run was cut off. */
  readonly end?: EndRecord;
}
