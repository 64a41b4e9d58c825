import type { DatabaseSync } from 'node:sqlite';
import type { Pool } from '../quota.ts';

/** Reads a pool, with the orders that were sold from it. */
export function poolReader(database: DatabaseSync): (poolId: string) => Promise<Pool | undefined> {
  const find = database.prepare('SELECT capacity FROM pools WHERE pool_id = ?');
  const list = database.prepare('SELECT order_id, quantity FROM admissions WHERE pool_id = ? ORDER BY rowid');

  return async (poolId) => {
    const pool = find.get(poolId);
    if (pool === undefined) return undefined;
    const admissions = list.all(poolId);
    return {
      pool_id: poolId,
      capacity: Number(pool.capacity),
      sold: admissions.reduce((sum, { quantity }) => sum + Number(quantity), 0),
      order_ids: admissions.map((row) => String(row.order_id)),
    };
  };
}
