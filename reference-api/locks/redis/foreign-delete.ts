import { randomUUID } from 'node:crypto';
import type { Lock } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys } from './lock-keys.ts';

const TTL_MS = 10_000;

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

    return async (order) => {
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
  },
};
