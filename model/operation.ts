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
