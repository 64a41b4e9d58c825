import type { DatabaseSync } from 'node:sqlite';
import type { Pool } from 'pg';
import type { Strategy, Work } from '../strategy.ts';
import { openPostgres } from './postgres.ts';
import { openRedis, type RedisConnection } from './redis.ts';
import { openSqlite } from './sqlite.ts';
import type { Layout, Store, StoreSettings } from './store.ts';

/** What a strategy is given to work with. */
export interface Connections {
  readonly sqlite: DatabaseSync;
  readonly postgres: Pool;
  readonly redis: RedisConnection;
}

export type StoreName = keyof Connections;

/** Every store, by the name that `--store` takes. */
export const STORES: Readonly<Record<StoreName, string>> = {
  sqlite: 'embedded, nothing to install (the default)',
  postgres: 'PostgreSQL, at DATABASE_URL',
  redis: 'Redis, at REDIS_URL, with SQLite behind it',
};

/** A strategy in its store. */
export interface OpenStrategy<Operation> extends Pick<Store<unknown>, 'openSeats' | 'close'> {
  readonly layOut: (layout: Omit<Layout, 'schema'>) => Promise<void>;
  /** Once it was laid out, by whichever process. */
  readonly prepare: (work: Work) => Operation;
}

/** @throws StoreError where its store cannot be opened */
export async function openStrategy<Operation>(
  strategy: Strategy<Operation>,
  { location, databaseUrl, redisUrl, namespace }: StoreSettings,
): Promise<OpenStrategy<Operation>> {
  switch (strategy.store) {
    case 'sqlite':
      return joined(strategy, openSqlite(location));
    case 'postgres':
      return joined(strategy, await openPostgres(databaseUrl, namespace));
    case 'redis':
      return joined(strategy, await openRedis(redisUrl, namespace, location));
  }
}

function joined<Connection, Operation>(
  { schema, prepare }: { schema: string; prepare: (connection: Connection, work: Work) => Operation },
  { connection, layOut, openSeats, close }: Store<Connection>,
): OpenStrategy<Operation> {
  return {
    layOut: (layout) => layOut({ ...layout, schema }),
    prepare: (work) => prepare(connection, work),
    openSeats,
    close,
  };
}
