import { transaction } from '../../../locks/sqlite/transaction.ts';
import { POOLS, type QuotaStrategy } from '../quota.ts';
import { poolReader } from './pools.ts';

/**
 * Right. The row of the pool holds the count, and the condition is part of the write. An order for more than is left
 * changes no row; an order for fewer may still succeed.
 */
export const conditionalUpdate: QuotaStrategy = {
  summary: 'UPDATE … WHERE sold + quantity <= capacity: the write itself checks the count',
  source: 'https://www.sqlite.org/lang_update.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: POOLS,
  prepare: (database, work) => {
    const take = database.prepare('UPDATE pools SET sold = sold + ?1 WHERE pool_id = ?2 AND sold + ?1 <= capacity');
    const insert = database.prepare('INSERT INTO admissions (order_id, pool_id, quantity) VALUES (?, ?, ?)');

    return {
      admit: async ({ orderId, poolId, quantity }) => {
        await work();
        return transaction(database, () => {
          if (take.run(quantity, poolId).changes === 0) return 'sold-out';
          insert.run(orderId, poolId, quantity);
          return 'booked';
        });
      },
      read: poolReader(database),
    };
  },
};
