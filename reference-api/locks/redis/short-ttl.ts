import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lock } from '../lock.ts';
import { BOOKINGS } from '../sqlite/bookings.ts';
import { openLedger } from './ledger.ts';
import { acquire, lockKeys, release } from './lock-keys.ts';

/** Shorter than the work, which takes 5 ms when all goes well. */
const TTL_MS = 3;
/** Whoever finds the lock held asks again, after a while. */
const ATTEMPTS = 3;
const WAIT_MS = 4;

/**
 * Wrong: the lock expires while its holder is still at work. The next one gets it, finds the seat free, because nothing
 * is written yet, and both write. In the wild the TTL is ten seconds, and the work hangs for eleven: a slow payment, a
 * pause of the garbage collector. All the rest is by the book, token and all.
 */
export const shortTtl: Lock = {
  summary: 'SET NX PX whose TTL is shorter than the work: two hold it',
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
