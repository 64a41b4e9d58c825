import type { StoreName } from '../../reference-api/stores/index.ts';
import { startPostgres } from './postgres.ts';
import type { OwnServer } from './process.ts';
import { startRedis } from './redis.ts';

/** The running servers behind the stores. */
export interface Servers {
  /** Stores without a server, and why. */
  readonly missing: ReadonlyMap<StoreName, string>;
  /** Stops the servers that were started here, and takes their variables away again. */
  stop(): Promise<void>;
}

const VARIABLES = { postgres: 'DATABASE_URL', redis: 'REDIS_URL' } as const;
const STARTERS: Readonly<Record<keyof typeof VARIABLES, () => Promise<OwnServer>>> = {
  postgres: startPostgres,
  redis: startRedis,
};

/**
 * Makes sure that each store has a server: the one at `DATABASE_URL` or `REDIS_URL`, or else a new one on a free port with
 * its data in a temporary folder. Sets those variables, so that child processes find the servers.
 */
export async function startServers(stores: ReadonlySet<StoreName>): Promise<Servers> {
  const started = new Map<string, OwnServer>();
  const missing = new Map<StoreName, string>();
  for (const store of ['postgres', 'redis'] as const) {
    const variable = VARIABLES[store];
    if (!stores.has(store) || process.env[variable]) continue;
    try {
      const server = await STARTERS[store]();
      started.set(variable, server);
      process.env[variable] = server.url;
    } catch (error) {
      missing.set(store, error instanceof Error ? error.message : String(error));
    }
  }
  return {
    missing,
    stop: async () => {
      for (const variable of started.keys()) delete process.env[variable];
      await Promise.all([...started.values()].map((server) => server.stop()));
    },
  };
}
