import { transaction } from '../../../locks/postgres/transaction.ts';
import { POOLS, type QuotaStrategy } from '../quota.ts';
import { insertAdmission, readPool } from './pools.ts';

/**
 * Wrong: adds up and writes in one transaction, and a transaction is not a lock. Under READ COMMITTED, the default, it does
 * not see what others have not committed yet, and there is no row on which two inserts could conflict.
 */
export const countCheck: QuotaStrategy = {
  summary: 'adds up, then writes, in one READ COMMITTED transaction: oversells the pool',
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'postgres',
  schema: POOLS,
  prepare: (pool, work) => ({
    admit: (admission) =>
      transaction(pool, async (client) => {
        const its = await readPool(client, admission.poolId);
        if (its === undefined || its.sold + admission.quantity > its.capacity) return 'sold-out';
        await work();
        await insertAdmission(client, admission);
        return 'booked';
      }),
    read: (poolId) => readPool(pool, poolId),
  }),
};
