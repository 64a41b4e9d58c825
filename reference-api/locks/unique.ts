import type { Lock } from './lock.ts';

/** SQLite's primary result code for a violated constraint; the low byte of the extended code. */
const SQLITE_CONSTRAINT = 19;

/**
 * Right: nobody looks first. Everyone writes, in a transaction, and the database's unique constraint lets one through.
 * However long the work before it takes, and however many servers run this code, there is no moment between a look and
 * a write, because there is no look.
 */
export const unique: Lock = {
  summary: 'one insert, a unique constraint on the seat: sells each seat once',
  bookings: `
    CREATE TABLE bookings (
      order_id TEXT NOT NULL,
      seat_id TEXT NOT NULL UNIQUE REFERENCES seats (seat_id)
    ) STRICT;
  `,
  prepare: (database, work) => {
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      await work();
      // No await from here to the end: the connection is shared, and a transaction on it is everyone's.
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const seatId of seatIds) insert.run(orderId, seatId);
        database.exec('COMMIT');
        return true;
      } catch (error) {
        database.exec('ROLLBACK');
        if (isConstraintViolation(error)) return false;
        throw error;
      }
    };
  },
};

function isConstraintViolation(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_CONSTRAINT
  );
}
