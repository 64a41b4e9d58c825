import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingResult, Lock, Order } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys } from './lock-keys.ts';

const TTL_MS = 10_000;
/** A request that finds the lock held asks again after a short wait. */
const ATTEMPTS = 3;
const WAIT_MS = 2;

/**
 * Wrong. A request deletes the lock of another request. The release is a plain `DEL` in a `finally`, which also runs
 * when the request never got the lock. The same happens when the lock of a request has expired and another one holds it
 * by now. Either way the holder loses the lock while at work, and the next request gets it.
 */
export const foreignDelete: Lock = {
  summary: "DEL in a finally, even without holding the lock: deletes another request's lock",
  source: 'https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/',
  expected: { verdict: 'fail', finding: 'double-booking' },
  needs: { processes: 2 },
  store: 'redis',
  schema: BOOKINGS,
  prepare: ({ redis, key, database }, work) => {
    const ledger = openLedger(database);

    const attempt = async (order: Order): Promise<BookingResult> => {
      const keys = lockKeys(key, order);
      try {
        const held = await acquire(redis, keys, randomUUID(), TTL_MS);
        if (held.length < keys.length) return 'locked';
        if (ledger.isTaken(order)) return 'taken';
        await work();
        return ledger.insert(order);
      } finally {
        await redis.del(keys);
      }
    };

    return async (order) => {
      for (let tried = 1; tried < ATTEMPTS; tried++) {
        const result = await attempt(order);
        if (result !== 'locked') return result;
        await sleep(WAIT_MS);
      }
      return attempt(order);
    };
  },
};
