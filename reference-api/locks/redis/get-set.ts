import { randomUUID } from 'node:crypto';
import type { Lock } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { lockKeys, release } from './lock-keys.ts';

const TTL_MS = 10_000;

/**
 * Wrong: `GET`, and `SET` where there was nothing. It is check-then-act again, on the lock itself: all whose GET arrives
 * before the first SET hold it. The window is one round trip to Redis.
 */
export const getSet: Lock = {
  summary: 'GET, then SET: a lock for all who asked within a round trip',
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
