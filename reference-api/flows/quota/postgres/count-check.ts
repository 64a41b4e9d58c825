import { transaction } from '../../../locks/postgres/transaction.ts';
import { POOLS, type QuotaStrategy } from '../quota.ts';
import { insertAdmission, readPool } from './pools.ts';

/**
 * Wrong. Adds up what was sold and inserts, in one transaction. A transaction is not a lock: under READ COMMITTED, the
 * default, the sum misses what others have not committed yet, and two inserts have no row in common to conflict on.
 */
export const countCheck: QuotaStrategy = {
  summary: 'adds up, then inserts, in one READ COMMITTED transaction: oversells the pool',
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'postgres',
  schema: POOLS,
  prepare: (pool, work) => ({
    admit: (admission) =>
      transaction(pool, async (client) => {
        const tickets = await readPool(client, admission.poolId);
        if (tickets === undefined || tickets.sold + admission.quantity > tickets.capacity) return 'sold-out';
        await work();
        await insertAdmission(client, admission);
        return 'booked';
      }),
    read: (poolId) => readPool(pool, poolId),
  }),
};
