import type { DatabaseSync } from 'node:sqlite';
import { createClient, type RedisClientType } from '@redis/client';
import { openSqlite } from './sqlite.ts';
import { type Seats, type Store, StoreError } from './store.ts';

/** Redis for the locks, SQLite behind it for the bookings. */
export interface RedisConnection {
  readonly redis: RedisClientType;
  /** Prefixes a key, so that starts do not share keys. */
  readonly key: (name: string) => string;
  readonly database: DatabaseSync;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** @throws StoreError when no server answers */
export async function openRedis(
  url: string | undefined,
  namespace: string,
  sqliteFile: string,
): Promise<Store<RedisConnection>> {
  if (!url) throw new StoreError('the store redis needs REDIS_URL, such as redis://localhost:6379');
  if (!/^rediss?:/.test(url)) throw new StoreError('REDIS_URL must be a URL: redis://user:password@host:port');
  const prefix = `order_race:${namespace}:`;
  const redis: RedisClientType = createClient({
    url,
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
  });
  // Each command in flight fails with the same error, so nothing is lost here.
  redis.on('error', () => {});
  await redis.connect().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(`Redis does not answer: ${reason.replace(/\.+$/, '')}. Is it up, and REDIS_URL right?`);
  });
  const sqlite = openSqlite(sqliteFile);
  let hasSetUp = false;

  const clear = async () => {
    for await (const keys of redis.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 })) {
      if (keys.length > 0) await redis.del(keys);
    }
  };
  const openSeats = (): Seats => {
    const seats = sqlite.openSeats();
    const reset = async () => {
      await seats.reset();
      await clear();
    };
    return { ...seats, reset };
  };
  return {
    connection: { redis, key: (name) => prefix + name, database: sqlite.connection },
    setUp: (setup) => {
      hasSetUp = true;
      return sqlite.setUp(setup);
    },
    reset: () => openSeats().reset(),
    openSeats,
    close: async () => {
      if (hasSetUp && redis.isReady) await clear();
      redis.destroy();
      await sqlite.close();
    },
  };
}
