import * as z from 'zod';
import type { Inventory, Operation, Plan, Rule, RuleName } from '../../../model/index.ts';
import { ConfigError } from './config-error.ts';

/** What a rule wants of the requests that race, and of what they go for. */
interface Demands {
  readonly operations: readonly Operation[];
  /** The keys of a `race:` line, beside `inventory` and `user`, that mean something to it. */
  readonly knows: readonly LineKey[];
  /** Of these, what each raced request must have. */
  readonly needs: readonly LineKey[];
  /** What an inventory is to it. */
  readonly inventory: 'any' | 'single' | 'of parts';
}
type LineKey = 'operation' | 'units' | 'parts' | 'idempotencyKey';

const ORDINARY: Demands = { operations: ['book'], knows: ['operation'], needs: [], inventory: 'any' };

export const DEMANDS: Readonly<Record<RuleName, Demands>> = {
  'order-race': ORDINARY,
  'hold-confirm': { ...ORDINARY, operations: ['book', 'hold', 'confirm', 'cancel'], inventory: 'single' },
  'cancel-rebook': { ...ORDINARY, operations: ['book', 'cancel'], inventory: 'single' },
  'overlapping-orders': { ...ORDINARY, knows: ['operation', 'parts'], needs: ['parts'], inventory: 'of parts' },
  quota: { ...ORDINARY, knows: ['operation', 'units'] },
  'double-submit': { ...ORDINARY, knows: ['operation', 'idempotencyKey'], needs: ['idempotencyKey'] },
  coupon: ORDINARY,
  'per-user-limit': ORDINARY,
};

const milliseconds = z.number().min(0).max(86_400_000);

/** `rule: quota`, or a mapping with the name and what else the rule has to be told. */
export const ruleSchema = (statuses: z.ZodType<(number | string)[]>) => {
  const plain = <N extends RuleName>(name: N) => z.strictObject({ name: z.literal(name) });
  const busy = statuses
    .default([423])
    .describe(
      'Statuses that refuse because somebody else is at it (a lock that is not waited for), and not because it is taken',
    );
  const rules = z.discriminatedUnion('name', [
    plain('order-race'),
    z.strictObject({
      name: z.literal('hold-confirm'),
      leaseMs: milliseconds.describe('How long a hold lasts, from the instant at which the server makes it'),
      toleranceMs: milliseconds.default(20).describe('How much earlier or later than that a hold may end'),
      busy,
    }),
    z.strictObject({ name: z.literal('cancel-rebook'), busy }),
    plain('overlapping-orders'),
    plain('quota'),
    z.strictObject({
      name: z.literal('double-submit'),
      inProgress: statuses
        .default([409])
        .describe(
          'Statuses that may tell a repetition that the first is still under way; [] where it has to wait for it',
        ),
    }),
    plain('coupon'),
    plain('per-user-limit'),
  ]);
  const named = z.enum(Object.keys(DEMANDS) as [RuleName, ...RuleName[]]).transform((name) => ({ name }));
  return z
    .union(
      [named.pipe(rules), rules],
      `must be one of ${Object.keys(DEMANDS).join(', ')}, or a mapping with such a name`,
    )
    .transform((rule): Rule | undefined => (rule.name === 'order-race' ? undefined : rule));
};

/** @throws ConfigError where what is fought over does not suit the rule, or everybody can win: a race in which they can is none */
export function checkInventories(rule: RuleName, inventories: Plan['inventories'], contenders: number): void {
  inventories.forEach((inventory, index) => {
    const problem =
      misfit(DEMANDS[rule].inventory, inventory) ?? (rule === 'quota' ? undefined : ample(inventory, contenders));
    if (problem !== undefined) throw new ConfigError(`config.plugins.race.inventories.${index}${problem}`);
  });
}

function misfit(wanted: Demands['inventory'], { capacity, parts }: Inventory): string | undefined {
  if (wanted === 'of parts' && parts === undefined)
    return ': the rule overlapping-orders needs parts: { key: row-1, parts: [A1, A2, A3] }';
  if (wanted !== 'of parts' && parts !== undefined) return '.parts: only the rule overlapping-orders knows parts';
  if (wanted === 'single' && capacity !== 1) return `.capacity: must be 1 under this rule (received ${capacity})`;
  return undefined;
}

function ample({ capacity, parts }: Inventory, contenders: number): string | undefined {
  if (parts !== undefined || capacity < contenders) return undefined;
  return `.capacity: ${capacity} for ${contenders} contenders, so nobody has to lose; send more, or sell less`;
}
