import { transaction } from '../../../locks/postgres/transaction.ts';
import { POOLS, type QuotaStrategy } from '../quota.ts';
import { insertAdmission, readPool } from './pools.ts';

/** Right. Locks the row of the pool before adding up what was sold, so only one order at a time adds up and writes. */
export const lockedCount: QuotaStrategy = {
  summary: 'locks the row of the pool, then adds up what was sold',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: POOLS,
  prepare: (pool, work) => ({
    admit: (admission) =>
      transaction(pool, async (client) => {
        await client.query('SELECT 1 FROM pools WHERE pool_id = $1 FOR UPDATE', [admission.poolId]);
        const tickets = await readPool(client, admission.poolId);
        if (tickets === undefined || tickets.sold + admission.quantity > tickets.capacity) return 'sold-out';
        await work();
        await insertAdmission(client, admission);
        return 'booked';
      }),
    read: (poolId) => readPool(pool, poolId),
  }),
};
