import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';

/** Takes all seats or none. Redis finishes a script before it runs any other command. */
const TAKE = `
  for _, key in ipairs(KEYS) do
    if redis.call('EXISTS', key) == 1 then return 0 end
  end
  for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1]) end
  return 1`;

/**
 * Right. Redis itself knows which seats are sold. A script checks and takes a seat in one step, so no lock is needed.
 * The booking is then written to the database; if that fails, the seat is given back.
 */
export const lua: Lock = {
  summary: 'a Lua script checks and takes the seat in one step',
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
