import type { StoreName } from '../../reference-api/stores/index.ts';
import { startPostgres } from './postgres.ts';
import type { OwnServer } from './process.ts';
import { startRedis } from './redis.ts';

/** The servers behind the stores, while they run. */
export interface Servers {
  /** Stores that cannot be used, and why. */
  readonly missing: ReadonlyMap<StoreName, string>;
  /** Stops those that were started here. */
  stop(): Promise<void>;
}

const VARIABLES = { postgres: 'DATABASE_URL', redis: 'REDIS_URL' } as const;
const STARTERS: Readonly<Record<keyof typeof VARIABLES, () => Promise<OwnServer>>> = {
  postgres: startPostgres,
  redis: startRedis,
};

/**
 * Sees to it that stores have their servers: those that `DATABASE_URL` and `REDIS_URL` name, or else one of its own on a
 * free port, with its data in a temporary folder. The variables are set for whatever this process starts.
 */
export async function startServers(stores: ReadonlySet<StoreName>): Promise<Servers> {
  const own: OwnServer[] = [];
  const missing = new Map<StoreName, string>();
  for (const store of ['postgres', 'redis'] as const) {
    const variable = VARIABLES[store];
    if (!stores.has(store) || process.env[variable]) continue;
    try {
      const server = await STARTERS[store]();
      own.push(server);
      process.env[variable] = server.url;
    } catch (error) {
      missing.set(store, error instanceof Error ? error.message : String(error));
    }
  }
  return {
    missing,
    stop: async () => {
      await Promise.all(own.map((server) => server.stop()));
    },
  };
}
