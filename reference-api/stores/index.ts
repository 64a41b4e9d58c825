import type { DatabaseSync } from 'node:sqlite';
import type { Pool } from 'pg';
import { openPostgres } from './postgres.ts';
import { openRedis, type RedisConnection } from './redis.ts';
import { openSqlite } from './sqlite.ts';
import type { Store, StoreSettings } from './store.ts';

/** What a strategy gets to work with in each store. */
export interface Connections {
  readonly sqlite: DatabaseSync;
  readonly postgres: Pool;
  readonly redis: RedisConnection;
}

export type StoreName = keyof Connections;

/** Every store, by the name that `--store` takes, with a line for `--help`. */
export const STORES: Readonly<Record<StoreName, string>> = {
  sqlite: 'embedded, nothing to install (the default)',
  postgres: 'PostgreSQL, at DATABASE_URL',
  redis: 'Redis, at REDIS_URL, with SQLite behind it',
};

/** How to open each store. They throw a StoreError when that fails. */
export const STORE_OPENERS: {
  readonly [Name in StoreName]: (settings: StoreSettings) => Promise<Store<Connections[Name]>>;
} = {
  sqlite: async ({ sqliteFile }) => openSqlite(sqliteFile),
  postgres: ({ databaseUrl, namespace }) => openPostgres(databaseUrl, namespace),
  redis: ({ redisUrl, namespace, sqliteFile }) => openRedis(redisUrl, namespace, sqliteFile),
};
