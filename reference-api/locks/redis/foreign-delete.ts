import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingResult, Lock, Order } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys } from './lock-keys.ts';

const TTL_MS = 10_000;
/** Whoever finds the lock held asks again, after a while. */
const ATTEMPTS = 3;
const WAIT_MS = 2;

/**
 * Wrong: the lock is deleted by one who does not hold it. The release is a plain `DEL` in a `finally`, which also runs for
 * those who did not get the lock, as it does for those whose lock has expired and is another's by now. Either way the
 * holder's lock is gone while the holder is at work, and the next one gets it.
 */
export const foreignDelete: Lock = {
  summary: "DEL in a finally, whoever holds the lock: deletes another's",
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
      for (let number = 1; number < ATTEMPTS; number++) {
        const result = await attempt(order);
        if (result !== 'locked') return result;
        await sleep(WAIT_MS);
      }
      return attempt(order);
    };
  },
};
