import { randomUUID } from 'node:crypto';
import type { Lock } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { lockKeys, release } from './lock-keys.ts';

const TTL_MS = 10_000;

/**
 * Wrong. Reads the lock with `GET` and sets it if it is free. That is check-then-act again, this time on the lock
 * itself: every request whose GET arrives before the first SET holds the lock. The window is one round trip to Redis.
 */
export const getSet: Lock = {
  summary: 'GET, then SET: everybody who asks within one round trip gets the lock',
  source: 'https://redis.io/docs/latest/commands/setnx/',
  expected: { verdict: 'fail', finding: 'double-booking' },
  needs: { processes: 2 },
  store: 'redis',
  schema: BOOKINGS,
  prepare: ({ redis, key, database }, work) => {
    const ledger = openLedger(database);

    return async (order) => {
      const token = randomUUID();
      const keys = lockKeys(key, order);
      for (const lock of keys) {
        if ((await redis.get(lock)) !== null) return 'locked';
        await redis.set(lock, token, { expiration: { type: 'PX', value: TTL_MS } });
      }
      try {
        if (ledger.isTaken(order)) return 'taken';
        await work();
        return ledger.insert(order);
      } finally {
        await release(redis, keys, token);
      }
    };
  },
};
