import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lock } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys, release } from './lock-keys.ts';

/** Shorter than the work of a booking, which is 5 ms by default. */
const TTL_MS = 3;
/** A request that finds the lock held asks again after a short wait. */
const ATTEMPTS = 3;
const WAIT_MS = 4;

/**
 * Wrong. The lock expires while the holder is still at work. The next request gets the lock, finds the seat free
 * because nothing is written yet, and both write. In production the TTL is ten seconds and the work hangs for eleven: a
 * slow payment, a pause of the garbage collector. Everything else is by the book, the token included.
 */
export const shortTtl: Lock = {
  summary: 'SET NX PX with a TTL shorter than the work: two requests hold the lock',
  source: 'https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  needs: { processes: 2 },
  store: 'redis',
  schema: BOOKINGS,
  prepare: ({ redis, key, database }, work) => {
    const ledger = openLedger(database);

    return async (order) => {
      const token = randomUUID();
      const keys = lockKeys(key, order);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const held = await acquire(redis, keys, token, TTL_MS);
        try {
          if (held.length === keys.length) {
            if (ledger.isTaken(order)) return 'taken';
            await work();
            return ledger.insert(order);
          }
        } finally {
          await release(redis, held, token);
        }
        await sleep(WAIT_MS);
      }
      return 'locked';
    };
  },
};
