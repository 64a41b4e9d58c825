import type { DatabaseSync } from 'node:sqlite';
import type { BookingResult } from '../lock.ts';

/**
 * Commits what was booked, and rolls back what was refused. Nothing is awaited in it: the connection is shared, and a
 * transaction on it is everyone's. IMMEDIATE: other processes wait from its beginning, not from its first write.
 */
export function transaction(database: DatabaseSync, run: () => BookingResult): BookingResult {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    database.exec(result === 'booked' ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
