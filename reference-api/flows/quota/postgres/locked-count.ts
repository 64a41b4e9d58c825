import { transaction } from '../../../locks/postgres/transaction.ts';
import { POOLS, type QuotaStrategy } from '../quota.ts';
import { insertAdmission, readPool } from './pools.ts';

/** Right: the row of the pool is locked before what was sold of it is added up, so one order at a time adds up and writes. */
export const lockedCount: QuotaStrategy = {
  summary: 'locks the row of the pool, then adds up what was sold of it',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: POOLS,
  prepare: (pool, work) => ({
    admit: (admission) =>
      transaction(pool, async (client) => {
        await client.query('SELECT 1 FROM pools WHERE pool_id = $1 FOR UPDATE', [admission.poolId]);
        const its = await readPool(client, admission.poolId);
        if (its === undefined || its.sold + admission.quantity > its.capacity) return 'sold-out';
        await work();
        await insertAdmission(client, admission);
        return 'booked';
      }),
    read: (poolId) => readPool(pool, poolId),
  }),
};
