import { randomUUID } from 'node:crypto';
import { isConstraintViolation } from '../../stores/sqlite.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS_ONE_PER_SEAT } from '../sqlite/bookings.ts';
import { transaction } from '../sqlite/transaction.ts';

/** Long enough for any booking, short enough should its holder die. */
const TTL_MS = 10_000;

/** Deletes a lock only where it is still the caller's own: in one step, or it could become another's in between. */
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/**
 * Right: one key for each seat, set only where there is none, with a token of its holder and an expiry. It keeps the crowd
 * from the database. It does not replace the constraint there: a lock that expires under a holder who was paused is held
 * by two, and only what guards the write itself can tell.
 */
export const setNx: Lock = {
  summary: 'SET NX PX with a token, released by its holder only, and a constraint behind it',
  source: 'https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/',
  expected: { verdict: 'pass' },
  needs: { processes: 2 },
  store: 'redis',
  schema: BOOKINGS_ONE_PER_SEAT,
  prepare: ({ redis, key, database }, work) => {
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return async ({ orderId, seatIds }) => {
      const token = randomUUID();
      const held: string[] = [];
      try {
        for (const lock of seatIds.map((seatId) => key(`lock:${seatId}`))) {
          if ((await redis.set(lock, token, { condition: 'NX', expiration: { type: 'PX', value: TTL_MS } })) === null)
            return 'locked';
          held.push(lock);
        }
        await work();
        return transaction(database, () => {
          for (const seatId of seatIds) insert.run(orderId, seatId);
          return 'booked';
        });
      } catch (error) {
        if (isConstraintViolation(error)) return 'taken';
        throw error;
      } finally {
        await Promise.all(held.map((lock) => redis.eval(RELEASE, { keys: [lock], arguments: [token] })));
      }
    };
  },
};
