import type { Lock } from '../lock.ts';
import { unique } from './unique.ts';

/**
 * Wrong: a unique constraint, and on the wrong columns. Every order has an id of its own, so no two rows are ever the same,
 * and the constraint lets everybody through. The code that handles its violation is there, and never runs.
 */
export const wrongUnique: Lock = {
  ...unique,
  summary: 'one insert, a unique constraint on (order, seat): stops nobody',
  source: 'https://www.sqlite.org/lang_createtable.html#unique_constraints',
  expected: { verdict: 'fail', finding: 'double-booking' },
  schema: `
    CREATE TABLE bookings (
      order_id TEXT NOT NULL,
      seat_id TEXT NOT NULL REFERENCES seats (seat_id),
      UNIQUE (order_id, seat_id)
    ) STRICT;
  `,
};
