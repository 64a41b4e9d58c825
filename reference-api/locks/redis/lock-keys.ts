import type { RedisConnection } from '../../stores/redis.ts';
import type { Order } from '../lock.ts';

/** The keys of an order's locks, in one order for all, so that two orders of the same seats do not hold up each other. */
export const lockKeys = (key: RedisConnection['key'], { seatIds }: Order): string[] =>
  seatIds.toSorted().map((seatId) => key(`lock:${seatId}`));

/** Sets each key that is not set yet, with a token of the holder and an expiry; answers those that it got. */
export async function acquire(
  redis: RedisConnection['redis'],
  keys: readonly string[],
  token: string,
  ttlMs: number,
): Promise<string[]> {
  const held: string[] = [];
  for (const key of keys) {
    const set = await redis.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
    if (set === null) break;
    held.push(key);
  }
  return held;
}

/** In one step, or the key could become another's between the look and the deletion. */
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/** Deletes those keys that are still the holder's. */
export async function release(redis: RedisConnection['redis'], keys: readonly string[], token: string): Promise<void> {
  await Promise.all(keys.map((key) => redis.eval(RELEASE, { keys: [key], arguments: [token] })));
}
