import type { RedisConnection } from '../../stores/redis.ts';
import type { Order } from '../lock.ts';

/** The lock keys of an order, sorted, so that two orders of the same seats do not block each other. */
export const lockKeys = (key: RedisConnection['key'], { seatIds }: Order): string[] =>
  seatIds.toSorted().map((seatId) => key(`lock:${seatId}`));

/** Sets keys in turn until one exists already, each with the token of the holder and an expiry; returns those it got. */
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

/** One script: between a separate GET and DEL the key could pass to another holder. */
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/** Deletes the keys that still belong to the holder. */
export async function release(redis: RedisConnection['redis'], keys: readonly string[], token: string): Promise<void> {
  await Promise.all(keys.map((key) => redis.eval(RELEASE, { keys: [key], arguments: [token] })));
}
