import type { DatabaseSync } from 'node:sqlite';
import { isRefusal } from '../lock.ts';

/**
 * Runs statements in a transaction. Commits the result, but rolls back a refusal or an error. `run` cannot await: the
 * connection is shared, so the statements of other requests would join the transaction. IMMEDIATE makes other processes
 * wait from the beginning, not from the first write.
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
