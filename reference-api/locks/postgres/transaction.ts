import type { Pool, PoolClient } from 'pg';
import { isRefusal } from '../lock.ts';

type Isolation = 'READ COMMITTED' | 'SERIALIZABLE';

/**
 * Runs statements on one connection: commits what they come to, but rolls back a refusal. The connection goes back to the
 * pool either way.
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
