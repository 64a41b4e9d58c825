/**
 * What a request may do to an inventory. `book`: take it for good. `hold`: take it for a while, a lease with an end.
 * `confirm`: make a hold a booking. `cancel`: give up a hold or a booking.
 */
export const OPERATIONS = ['book', 'hold', 'confirm', 'cancel'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What was done to an inventory, in the past tense. */
export const DONE = {
  book: 'booked',
  hold: 'held',
  confirm: 'confirmed',
  cancel: 'cancelled',
} as const satisfies Record<Operation, string>;

/** What a contender asked for. Whatever is absent is as in an ordinary race: one unit, to be booked, by the virtual user. */
export interface Intent {
  /** Absent: `book`. */
  readonly operation?: Operation;
  /** How many units it wanted; absent: 1. */
  readonly units?: number;
  /** The parts of the inventory that it wanted, all or nothing; absent: the inventory as a whole. */
  readonly parts?: readonly string[];
  /** On whose behalf, where several virtual users act for one person; absent: the virtual user itself. */
  readonly user?: string;
  readonly idempotencyKey?: string;
  /** Tells two requests with the same idempotency key apart: the beginning of the SHA-256 of method, path and body. */
  readonly fingerprint?: string;
}

/** The operation of an attempt. */
export const operationOf = ({ operation = 'book' }: Intent): Operation => operation;

/** How many units an attempt wanted. */
export const unitsOf = ({ units = 1 }: Intent): number => units;

/** What an attempt asked for beside the inventory, in a few words; empty for one unit, booked. */
export function describeIntent({ operation, units, parts, user, idempotencyKey }: Intent): string {
  return [
    operation ?? [],
    units === undefined ? [] : `${units} ${units === 1 ? 'unit' : 'units'}`,
    parts ?? [],
    user === undefined ? [] : `as ${user}`,
    idempotencyKey === undefined ? [] : `key ${idempotencyKey}`,
  ]
    .flat()
    .join(', ');
}

/** On whose behalf an attempt was made. */
export const userOf = ({ user, vu }: Intent & { readonly vu: number }): string => user ?? `VU ${vu}`;
