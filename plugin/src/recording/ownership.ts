import * as z from 'zod';
import { type Amount, DECIMAL } from '../../../model/decimal.ts';
import { leaving, type Reading, type Subject } from './read-back.ts';

/** What a function of the suite says about an inventory. */
export interface Ownership {
  /** How many units are booked. Default: as many as `orderIds` names, or else `owners`. */
  readonly units?: number | undefined;
  /** How many units are left, in place of `units`. */
  readonly remaining?: number | string | undefined;
  /** The ids of the bookings. */
  readonly orderIds?: readonly (string | number | bigint)[] | undefined;
  /** Who owns them, in the same order; compared with `user` of the `race:` lines. */
  readonly owners?: readonly (string | number | bigint)[] | undefined;
}

/** What a function of the suite is asked. */
export interface WhoOwnsContext {
  /** Before the first contenders go for it, or after them. */
  readonly when: 'before' | 'after';
  /** The fields of the inventory, and its `key`. */
  readonly inventory: Readonly<Record<string, string | number>>;
  /** The URL of the target. */
  readonly target: string;
  /** `config.variables`. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The type of a function for `readBack.function`. It runs in Artillery's main thread, which loads the processor once more. If
 * it throws before the race, the run ends with exit code 2; after it, nobody could be asked.
 */
export type WhoOwns = (key: string | number, context: WhoOwnsContext) => Ownership | Promise<Ownership>;

const id = z.union([z.string(), z.number(), z.bigint()]).transform(String);
const schema = z.strictObject({
  units: z.int().min(0).nullish(),
  remaining: z.union([z.number(), z.string().regex(DECIMAL)]).nullish(),
  orderIds: z.array(id).nullish(),
  owners: z.array(id).nullish(),
});

/** Reads what a function returned. */
export function readOwnership(returned: unknown, subject: Subject): Reading {
  const parsed = schema.safeParse(returned);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { error: `the function returned something else: ${[...(issue?.path ?? []), issue?.message].join(': ')}` };
  }
  const { units, remaining, orderIds, owners } = parsed.data;
  const who = { orderIds: orderIds ?? [], ...(owners && { owners }) };
  if (remaining !== undefined && remaining !== null) return leaving(amountOf(remaining), subject, who);
  const named = orderIds ?? owners;
  if (units === undefined || units === null) {
    return named ? { units: named.length, ...who } : { error: 'the function returned no units, orderIds or owners' };
  }
  return { units, ...who };
}

const amountOf = (amount: number | string): Amount => (Number.isSafeInteger(amount) ? amount : String(amount));
