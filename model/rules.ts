import * as z from 'zod';
import type { Immutable } from './immutable.ts';
import type { Operation } from './operation.ts';
import type { StatusSet } from './status.ts';

/** One rule by which a run can be judged. Everything that depends on the rule is in its row, except the checkers' code. */
export interface RuleRow<Checker extends string = string> {
  readonly name: string;
  /** Operations that a `race:` line may name. */
  readonly operations: readonly Operation[];
  /** Keys that a `race:` line takes, besides those that every rule takes. */
  readonly lineKeys: Readonly<Partial<Record<'units' | 'parts' | 'idempotencyKey', 'required' | 'optional'>>>;
  /** `single`: the capacity must be 1. `of parts`: every inventory must name its parts; other rules allow no parts. */
  readonly inventory: 'any' | 'single' | 'of parts';
  /**
   * What makes it a race. `few units`: fewer units than contenders, checked before the race. `high demand`: fewer units than
   * the contenders want together; `shared parts`: two orders want the same part. Both are known only afterwards.
   */
  readonly contention: 'few units' | 'high demand' | 'shared parts';
  /**
   * How the successes at one inventory relate. `add up`: each takes some units. `take turns`: owners follow each other, so a
   * sequence of events must explain all answers. `own parts`: each takes the parts that it names. `repeat`: they may be the
   * same order.
   */
  readonly successes: 'add up' | 'take turns' | 'own parts' | 'repeat';
  /** A correct system sells exactly the capacity, so the number of successes is known before the race. */
  readonly isSoldOut: boolean;
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
}

const busy = (read: SettingReader) =>
  read.statuses(
    'Statuses of a refusal that means that another request is at work (the server does not wait for its lock), not that ' +
      'the seat is taken',
    [423],
  );

/** All rules. A plan without a rule is judged by the first one. */
export const RULES = [
  {
    name: 'order-race',
    operations: ['book'],
    lineKeys: {},
    inventory: 'any',
    contention: 'few units',
    successes: 'add up',
    isSoldOut: true,
    checkers: ['doubleBooking', 'lostBooking', 'ghostBooking', 'noWinner', 'unsoldUnits'],
  },
  {
    // A seat that is held under a lease, and then confirmed or lost.
    name: 'hold-confirm',
    operations: ['book', 'hold', 'confirm', 'cancel'],
    lineKeys: {},
    inventory: 'single',
    contention: 'few units',
    successes: 'take turns',
    isSoldOut: false,
    windows: [{ name: 'confirmation after the lease', missed: 'no confirmation came after its hold had ended' }],
    checkers: ['seatHistory', 'noWinner'],
    settings: (read) => ({
      leaseMs: read.ms('How long a hold lasts, from when the server makes it'),
      toleranceMs: read.ms('How much earlier or later a hold may end', 20),
      busy: busy(read),
    }),
    kept: 'Every hold was kept for as long as it lasted, and one sequence of events explains every answer.',
  },
  {
    // A seat that its owner gives up while others go for it.
    name: 'cancel-rebook',
    operations: ['book', 'cancel'],
    lineKeys: {},
    inventory: 'single',
    contention: 'few units',
    successes: 'take turns',
    isSoldOut: false,
    windows: [{ name: 'rebooking', missed: 'nobody booked after a cancellation had taken effect' }],
    checkers: ['seatHistory', 'noWinner'],
    settings: (read) => ({ busy: busy(read) }),
    kept: 'Nothing had two owners at once, and one sequence of events explains every answer.',
  },
  {
    // Orders for several seats at once, all or nothing, that overlap.
    name: 'overlapping-orders',
    operations: ['book'],
    lineKeys: { parts: 'required' },
    inventory: 'of parts',
    contention: 'shared parts',
    successes: 'own parts',
    isSoldOut: false,
    checkers: ['partSoldTwice', 'wholeOrders', 'blockedOrders', 'noWinner'],
    kept: 'Nothing was sold twice, and every order got everything that it asked for, or nothing.',
  },
  {
    // A pool of units; an order takes several.
    name: 'quota',
    operations: ['book'],
    lineKeys: { units: 'optional' },
    inventory: 'any',
    contention: 'high demand',
    successes: 'add up',
    isSoldOut: false,
    checkers: ['doubleBooking', 'lostBooking', 'ghostBooking', 'noWinner', 'unsoldUnits'],
    kept: 'No unit was sold twice, and nobody was refused units that were left.',
  },
  {
    // The same order, sent several times under one idempotency key.
    name: 'double-submit',
    operations: ['book'],
    lineKeys: { idempotencyKey: 'required' },
    inventory: 'any',
    contention: 'few units',
    successes: 'repeat',
    isSoldOut: false,
    windows: [
      { name: 'repetition in flight', missed: 'no two requests with one idempotency key were in flight at once' },
    ],
    checkers: [
      'duplicateOrder',
      'keyReused',
      'keysMerged',
      'storedOrders',
      'noOrder',
      'unequalAnswers',
      'namelessOrders',
    ],
    settings: (read) => ({
      inProgress: read.statuses(
        'Statuses that tell a repetition that the first request is still in progress; [] if repetitions wait for the first request',
        [409],
      ),
    }),
    kept: 'Every order was made once, however often it was sent.',
  },
  {
    // The capacity is how often the coupon may be used.
    name: 'coupon',
    operations: ['book'],
    lineKeys: {},
    inventory: 'any',
    contention: 'few units',
    successes: 'add up',
    isSoldOut: true,
    checkers: ['couponOverused', 'lostBooking', 'ghostBooking', 'noWinner', 'unsoldUnits'],
    kept: 'Every coupon was used exactly as often as allowed.',
  },
  {
    // The inventory is a person, and the capacity is what one person may have.
    name: 'per-user-limit',
    operations: ['book'],
    lineKeys: {},
    inventory: 'any',
    contention: 'few units',
    successes: 'add up',
    isSoldOut: false,
    checkers: ['limitOverrun', 'lostBooking', 'ghostBooking', 'noWinner'],
    kept: 'Nobody got more than the limit allows.',
  },
] as const satisfies readonly RuleRow[];

type Row = (typeof RULES)[number];
export type RuleName = Row['name'];
/** The names of the checkers that only some rules need. */
export type CheckerName = Row['checkers'][number];

/** The rule of a plan without one. */
export const DEFAULT_RULE = RULES[0].name;

const BY_NAME = new Map<RuleName, RuleRow<CheckerName>>(RULES.map((row) => [row.name, row]));

/** The name of the rule that a plan is judged by. */
export const ruleNameOf = ({ rule }: { readonly rule?: { readonly name: RuleName } | undefined }): RuleName =>
  rule?.name ?? DEFAULT_RULE;

/** The row of the rule that a plan is judged by. */
export const ruleOf = (plan: Parameters<typeof ruleNameOf>[0]): RuleRow<CheckerName> =>
  BY_NAME.get(ruleNameOf(plan)) as RuleRow<CheckerName>;

type SchemaOf<R extends Row> = R extends { readonly settings: (read: SettingReader) => infer S extends z.ZodRawShape }
  ? z.ZodObject<{ name: z.ZodLiteral<R['name']> } & S>
  : z.ZodObject<{ name: z.ZodLiteral<R['name']> }>;
type Named = SchemaOf<Exclude<Row, (typeof RULES)[0]>>;

/** What a run is judged by, with its settings. */
export type Rule = Immutable<z.output<Named>>;

type KeyOf<T> = T extends T ? keyof T : never;

/** The settings of the rule that a plan is judged by. A setting that the rule lacks is undefined. */
export const settingsOf = ({
  rule,
}: {
  readonly rule?: Rule | undefined;
}): { readonly [K in KeyOf<Rule>]?: Extract<Rule, Record<K, unknown>>[K] } => rule ?? {};

/**
 * The schema of each rule with its settings, in the order of {@link RULES}.
 *
 * @param object makes the schema of a mapping: `z.object`, or one that refuses unknown keys
 */
export const ruleSchemas = (read: SettingReader, object: (shape: z.ZodRawShape) => z.ZodObject) =>
  RULES.map((row: RuleRow) => object({ name: z.literal(row.name), ...row.settings?.(read) })) as unknown as [
    SchemaOf<(typeof RULES)[0]>,
    Named,
    ...Named[],
  ];
