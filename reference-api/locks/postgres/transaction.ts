import type { Pool, PoolClient } from 'pg';
import { isRefusal } from '../lock.ts';

/** A client inside a transaction, or the pool, where each statement is a transaction by itself. */
export type Queryable = Pick<Pool | PoolClient, 'query'>;

type Isolation = 'READ COMMITTED' | 'SERIALIZABLE';

/**
 * Runs statements in a transaction on one connection. Commits the result, but rolls back a refusal or an error. The
 * connection returns to the pool in every case.
 */
export async function transaction<Result>(
  pool: Pool,
  run: (client: PoolClient) => Promise<Result>,
  isolation: Isolation = 'READ COMMITTED',
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await run(client);
    await client.query(isRefusal(result) ? 'ROLLBACK' : 'COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
