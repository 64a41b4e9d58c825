import type { Queryable } from '../../../locks/postgres/transaction.ts';
import type { Admission, Pool } from '../quota.ts';

/** Reads a pool, with the orders that were sold from it. */
export async function readPool(db: Queryable, poolId: string): Promise<Pool | undefined> {
  const { rows } = await db.query<Pool>(
    `SELECT pool_id, capacity, coalesce(sum(quantity), 0)::integer AS sold,
       array_remove(array_agg(order_id), NULL) AS order_ids
     FROM pools LEFT JOIN admissions USING (pool_id) WHERE pool_id = $1 GROUP BY pool_id, capacity`,
    [poolId],
  );
  return rows[0];
}

export async function insertAdmission(db: Queryable, { orderId, poolId, quantity }: Admission): Promise<void> {
  await db.query('INSERT INTO admissions (order_id, pool_id, quantity) VALUES ($1, $2, $3)', [
    orderId,
    poolId,
    quantity,
  ]);
}
