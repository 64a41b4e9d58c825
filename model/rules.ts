import * as z from 'zod';
import type { Immutable } from './immutable.ts';
import type { RuleRow, SettingReader } from './rule-row.ts';

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
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
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
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
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
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
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
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
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
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
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
    controls: ['sold-as-free'],
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
      mayDiffer: read.flag(
        'Whether requests with the same key may differ, such as those of people who join one booking. Default: `false`',
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
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
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
    controls: ['refusal-as-winner', 'sold-as-free'],
    checkers: ['limitOverrun', 'lostBooking', 'ghostBooking', 'noWinner'],
    kept: 'Nobody got more than the limit allows.',
  },
  {
    // The server chooses the units, such as the best seats that are left.
    name: 'allocation',
    operations: ['book'],
    lineKeys: { units: 'optional' },
    inventory: 'parts or not',
    needs: ['outcome.granted'],
    contention: 'high demand',
    successes: 'add up',
    isSoldOut: false,
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
    checkers: [
      'unitGrantedTwice',
      'doubleBooking',
      'lostBooking',
      'ghostBooking',
      'noWinner',
      'unsoldUnits',
      'namelessGrants',
    ],
    kept: 'Nothing was given to two people, and nobody was refused what was left.',
  },
  {
    // Stretches of time of one thing, such as a room by the hour.
    name: 'intervals',
    operations: ['book'],
    lineKeys: { from: 'required', to: 'required' },
    inventory: 'any',
    isUnlimited: true,
    contention: 'shared time',
    successes: 'own time',
    isSoldOut: false,
    controls: ['refusal-as-winner', 'sold-as-free'],
    checkers: ['overlappingStretches', 'lostBooking', 'ghostBooking'],
    kept: 'No two bookings overlapped more than allowed.',
  },
  {
    // Answers prove nothing: a webhook that says 200 to everything, a click that is queued.
    name: 'state',
    operations: ['book'],
    lineKeys: {},
    inventory: 'any',
    needs: ['readBack'],
    contention: 'few units',
    successes: 'prove nothing',
    isSoldOut: false,
    controls: ['sold-as-free'],
    checkers: ['storedUnits'],
    settings: (read) => ({
      exactly: read.flag(
        'Whether the server must hold exactly as many units as the capacity says; `false`: at most as many. Default: `true`',
      ),
    }),
    kept: 'Afterwards the server held what it should hold.',
  },
  {
    // A purse, a gift card or a coupon with a value. The capacity and the units are amounts.
    name: 'balance',
    operations: ['book'],
    lineKeys: { units: 'optional' },
    inventory: 'any',
    isDecimal: true,
    contention: 'high demand',
    successes: 'add up',
    isSoldOut: false,
    controls: ['refusal-as-winner', 'sold-as-free'],
    checkers: ['overspent', 'wrongBalance', 'noWinner'],
    kept: 'No more was spent than there was.',
  },
  {
    // The server hands out values: invoice numbers, places in a queue, codes.
    name: 'unique',
    operations: ['book'],
    lineKeys: {},
    inventory: 'any',
    isUnlimited: true,
    needs: ['outcome.granted'],
    contention: 'two successes',
    successes: 'own values',
    isSoldOut: false,
    controls: ['sold-as-free'],
    checkers: ['valueGivenTwice', 'valueSkipped', 'lostBooking', 'namelessGrants'],
    settings: (read) => ({
      gapless: read.flag('Whether the values must be whole numbers with no gap between them. Default: `false`'),
    }),
    kept: 'No value was given twice.',
  },
  {
    // Operations of which only one may happen: an order is paid or cancelled, never both.
    name: 'exclusive',
    operations: 'of the settings',
    lineKeys: { operation: 'required' },
    inventory: 'single',
    contention: 'two operations',
    successes: 'same operation',
    isSoldOut: false,
    controls: ['refusal-as-winner', 'winner-as-refusal', 'sold-as-free'],
    checkers: ['exclusiveOperations', 'noWinner'],
    settings: (read) => ({
      operations: read.names('The operations, by names of your own, only one of which may happen: `[pay, cancel]`'),
    }),
    kept: 'Of operations that exclude each other, only one happened.',
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
type SettingOf<K, R = Rule> = R extends R ? (K extends keyof R ? R[K] : never) : never;

/** The settings of the rule that a plan is judged by. A setting that the rule lacks is undefined. */
export const settingsOf = ({
  rule,
}: {
  readonly rule?: Rule | undefined;
}): { readonly [K in KeyOf<Rule>]?: SettingOf<K> } => rule ?? {};

/** The operations that a `race:` line may name under the rule of a plan. */
export function operationsOf(plan: { readonly rule?: Rule | undefined }): readonly string[] {
  const { operations } = ruleOf(plan);
  return operations === 'of the settings' ? (settingsOf(plan).operations ?? []) : operations;
}

/**
 * The schema of each rule with its settings, in the order of {@link RULES}.
 *
 * @param object makes the schema of a mapping: `z.object`, or one that refuses unknown keys
 */
export const ruleSchemas = (read: SettingReader, object: (shape: z.ZodRawShape) => z.ZodObject) =>
  RULES.map((row: RuleRow) =>
    object({ name: z.literal(row.name).describe('The name of the rule'), ...row.settings?.(read) }),
  ) as unknown as [SchemaOf<(typeof RULES)[0]>, Named, ...Named[]];
