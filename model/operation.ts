/**
 * What a request may do to an inventory. `book`: take it for good. `hold`: take it under a lease, which ends. `confirm`:
 * turn a hold into a booking. `cancel`: give up a hold or a booking.
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

/** The operation with that name; one with a name of the suite's own counts as a booking. */
export const operationNamed = (name: string): Operation => OPERATIONS.find((operation) => operation === name) ?? 'book';

/** What was done, in the past tense; `granted` for an operation with a name of the suite's own. */
export const doneWord = (name: string): string =>
  OPERATIONS.some((operation) => operation === name) ? DONE[operationNamed(name)] : 'granted';
