import type * as z from 'zod';
import type { Operation } from './operation.ts';
import type { StatusSet } from './status.ts';

/** All {@link ControlName}s, in the order of reports. */
export const CONTROL_NAMES = ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'] as const;

/** One rule by which a run can be judged. Everything that depends on the rule is in its row, except the checkers' code. */
export interface RuleRow<Checker extends string = string> {
  readonly name: string;
  /** Operations that a `race:` line may name. `of the settings`: those that the setting `operations` names. */
  readonly operations: readonly Operation[] | 'of the settings';
  /** Keys that a `race:` line takes, besides those that every rule takes. */
  readonly lineKeys: Readonly<Partial<Record<LineKey, 'required' | 'optional'>>>;
  /**
   * `single`: the capacity must be 1. `of parts`: every inventory must name its parts. `parts or not`: it may name them.
   * Other rules allow no parts.
   */
  readonly inventory: 'any' | 'single' | 'of parts' | 'parts or not';
  /** The units of a request and the capacity may be decimals, such as an amount of money. */
  readonly isDecimal?: true;
  /** The capacity does not limit how much is sold in all: there are other stretches of time, and other values. */
  readonly isUnlimited?: true;
  /** Settings besides the rule that it cannot do without. */
  readonly needs?: readonly ('readBack' | 'outcome.granted')[];
  /**
   * What makes it a race. `few units`: fewer units than contenders, checked before the race. The others are known only
   * afterwards. `high demand`: fewer units than the contenders want together. `shared parts`: two orders want the same part.
   * `shared time`: more stretches overlap than the capacity allows. `two operations`: contenders do different things.
   * `two successes`: somebody else got something too.
   */
  readonly contention:
    | 'few units'
    | 'high demand'
    | 'shared parts'
    | 'shared time'
    | 'two operations'
    | 'two successes';
  /**
   * How the successes at one inventory relate. `add up`: each takes some units. `take turns`: owners follow each other, so a
   * sequence of events must explain all answers. `own parts`: each takes the parts that it names. `own time`: each takes the
   * stretch that it names. `own values`: each gets values of its own. `repeat`: they may be the same order. `same
   * operation`: they all did the same. `prove nothing`: only what is stored counts.
   */
  readonly successes:
    | 'add up'
    | 'take turns'
    | 'own parts'
    | 'own time'
    | 'own values'
    | 'repeat'
    | 'same operation'
    | 'prove nothing';
  /** A correct system sells exactly the capacity, so the number of successes is known before the race. */
  readonly isSoldOut: boolean;
  /**
   * The controls that can prove something under it. `refusal-as-winner`: it may forbid one more success. `winner-as-refusal`: it
   * forbids that units stay unsold. `sold-as-free`: the read-back can prove a loss.
   */
  readonly controls: readonly ControlName[];
  /**
   * Moments that the rule is about, and what a report says where no round met one. A pass without them would prove nothing;
   * `judging/` knows how to recognise each.
   */
  readonly windows?: readonly { readonly name: WindowName; readonly missed: string }[];
  /** Checkers that run only under some rules, in the order of their findings; `judging/` maps the names to functions. */
  readonly checkers: readonly Checker[];
  /** Settings of the rule, besides its name. */
  readonly settings?: (read: SettingReader) => z.ZodRawShape;
  /** What a pass means, in one sentence; absent: reports say how often each inventory was booked. */
  readonly kept?: string;
}

/** What a `race:` line may say only under some rules. */
export type LineKey = 'operation' | 'units' | 'parts' | 'idempotencyKey' | 'from' | 'to';

/** A change to a round after which a suite that can see must fail. */
export type ControlName = (typeof CONTROL_NAMES)[number];

/** A moment that a rule is about. */
export type WindowName = 'rebooking' | 'confirmation after the lease' | 'repetition in flight';

/** Makes the schema of a setting. A script may leave out a setting that has a default; a history holds every setting. */
export interface SettingReader {
  /** Milliseconds. */
  ms(description: string): z.ZodNumber;
  ms(description: string, byDefault: number): z.ZodDefault<z.ZodNumber>;
  statuses(
    description: string,
    byDefault: StatusSet,
  ): z.ZodDefault<z.ZodType<(number | string)[], (number | string)[]>>;
  /** Absent where nobody set it: the description says what holds then. */
  flag(description: string): z.ZodExactOptional<z.ZodBoolean>;
  /** At least two different names. */
  names(description: string): z.ZodArray<z.ZodString>;
}
