import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';

/** All seats or none. Redis runs a script to its end before it does anything else. */
const TAKE = `
  for _, key in ipairs(KEYS) do
    if redis.call('EXISTS', key) == 1 then return 0 end
  end
  for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1]) end
  return 1`;

/**
 * Right: Redis itself knows what is sold. A script looks and writes in one step, so there is nothing to lock; what was
 * taken is then written down in the database, and given back should that fail.
 */
export const lua: Lock = {
  summary: 'a Lua script looks and takes in one step',
  source: 'https://redis.io/docs/latest/develop/programmability/eval-intro/',
  expected: { verdict: 'pass' },
  needs: { processes: 2 },
  store: 'redis',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: ({ redis, key, database }, work) => {
    const ledger = openLedger(database);

    return async (order) => {
      const keys = order.seatIds.map((seatId) => key(`seat:${seatId}`));
      if ((await redis.eval(TAKE, { keys, arguments: [order.orderId] })) === 0) return 'taken';
      try {
        await work();
        return ledger.insert(order);
      } catch (error) {
        await redis.del(keys);
        throw error;
      }
    };
  },
};
