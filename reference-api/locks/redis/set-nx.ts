import { randomUUID } from 'node:crypto';
import { isConstraintViolation } from '../../stores/sqlite.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys, release } from './lock-keys.ts';

/** Long enough for any booking, short enough should its holder die. */
const TTL_MS = 10_000;

/**
 * Right: one key for each seat, set only where there is none (`SET … NX PX`), with a token of its holder, and deleted by
 * its holder only. It keeps the crowd from the database. It does not replace the constraint there: a lock that expires
 * under a holder who was paused is held by two, and only what guards the write itself can tell.
 */
export const setNx: Lock = {
  summary: 'SET NX PX with a token, released by its holder only, and a constraint behind it',
  source: 'https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/',
  expected: { verdict: 'pass' },
  needs: { processes: 2 },
  store: 'redis',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: ({ redis, key, database }, work) => {
    const ledger = openLedger(database);

    return async (order) => {
      const token = randomUUID();
      const keys = lockKeys(key, order);
      const held = await acquire(redis, keys, token, TTL_MS);
      try {
        if (held.length < keys.length) return 'locked';
        if (ledger.isTaken(order)) return 'taken';
        await work();
        return ledger.insert(order);
      } catch (error) {
        if (isConstraintViolation(error)) return 'taken';
        throw error;
      } finally {
        await release(redis, held, token);
      }
    };
  },
};
