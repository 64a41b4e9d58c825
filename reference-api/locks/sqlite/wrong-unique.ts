import type { Lock } from '../lock.ts';
import { unique } from './unique.ts';

/**
 * Wrong. A unique constraint on the wrong columns. Every order has a new id, so no two rows are ever equal, and the
 * constraint lets everybody through. The code that handles a violation is there but never runs.
 */
export const wrongUnique: Lock = {
  ...unique,
  summary: 'one insert, with a unique constraint on (order, seat): stops nobody',
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
