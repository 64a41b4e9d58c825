import { POOLS, type QuotaStrategy } from '../quota.ts';
import { poolReader } from './pools.ts';

/**
 * Wrong. Adds up what was sold, awaits the payment, then writes. Everybody who adds up in that time sees the same sum,
 * and each order alone would have fitted.
 */
export const countCheck: QuotaStrategy = {
  summary: 'adds up what was sold, awaits, then writes: oversells the pool',
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'sqlite',
  schema: POOLS,
  prepare: (database, work) => {
    const insert = database.prepare('INSERT INTO admissions (order_id, pool_id, quantity) VALUES (?, ?, ?)');
    const read = poolReader(database);

    return {
      admit: async ({ orderId, poolId, quantity }) => {
        const pool = await read(poolId);
        if (pool === undefined || pool.sold + quantity > pool.capacity) return 'sold-out';
        await work();
        insert.run(orderId, poolId, quantity);
        return 'booked';
      },
      read,
    };
  },
};
