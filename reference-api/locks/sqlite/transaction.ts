import type { DatabaseSync } from 'node:sqlite';
import { isRefusal } from '../lock.ts';

/**
 * Commits what was booked, and rolls back what was refused. Nothing is awaited in it: the connection is shared, and a
 * transaction on it is everyone's. IMMEDIATE: other processes wait from its beginning, not from its first write.
 */
export function transaction<Result>(database: DatabaseSync, run: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    database.exec(isRefusal(result) ? 'ROLLBACK' : 'COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
