import { randomUUID } from 'node:crypto';
import { isConstraintViolation } from '../../stores/sqlite.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys, release } from './lock-keys.ts';

/** Long enough for any booking, and short enough when the holder dies. */
const TTL_MS = 10_000;

/**
 * Right. One key per seat, set only if it does not exist yet (`SET … NX PX`), with a token of the holder, and deleted
 * only by the holder. The lock keeps the crowd away from the database. It does not replace the constraint there: when
 * the holder pauses until the lock expires, two requests hold it, and only a guard on the write itself stops the second
 * one.
 */
export const setNx: Lock = {
  summary: 'SET NX PX with a token, released only by the holder, and a unique constraint behind it',
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
