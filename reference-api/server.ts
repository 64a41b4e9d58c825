import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { DEMO_SEATS } from './demo.ts';
import { type Backend, backendOf } from './flows/flow.ts';
import type { Lock } from './locks/lock.ts';
import { unique } from './locks/sqlite/unique.ts';
import { orderRoutes } from './orders.ts';
import type { StoreSettings } from './stores/store.ts';
import type { Work } from './strategy.ts';
import { createTokens, tokenRoutes } from './tokens.ts';

export interface ServerOptions {
  /** Default: `unique` in SQLite, which is right. */
  readonly lock?: Lock;
  /** Replaces `lock`. Default: the routes of the order race with that lock. */
  readonly backend?: Backend;
  /** Default: SQLite in memory, PostgreSQL at `DATABASE_URL`, Redis at `REDIS_URL`, and a random namespace. */
  readonly stores?: Partial<StoreSettings>;
  /** Whether to create the tables. Default: true. Of several processes that share a store, only one does. */
  readonly setUp?: boolean;
  /** Default: the 16 seats of the demo. */
  readonly seats?: readonly string[];
  /** Units of each seat. Default: 1. */
  readonly capacity?: number;
  /** How long a token is valid. Default: 3600. */
  readonly tokenTtlSeconds?: number;
  /** Signs the tokens; all processes behind one port share it. Default: random. */
  readonly tokenSecret?: string;
  /** What each booking awaits before it writes. Default: waits 5 ms. */
  readonly work?: Work;
  /** Clock for the expiry of tokens, in milliseconds. Default: the wall clock, which all processes share. */
  readonly now?: () => number;
}

/** Fastify cannot parse the body, or the body does not match the schema. */
const isMalformedBody = (error: FastifyError): boolean =>
  error.validation !== undefined || /^FST_ERR_CTP_(INVALID|EMPTY)_JSON_BODY$/.test(error.code);

/**
 * Creates the booking API, ready to `listen`. `close` also ends open connections.
 *
 * @throws StoreError when the store cannot be opened
 */
export async function createServer({
  lock = unique,
  backend = backendOf(lock, orderRoutes),
  stores = {},
  setUp = true,
  seats: seatIds = DEMO_SEATS,
  capacity = 1,
  tokenTtlSeconds = 3_600,
  tokenSecret = randomUUID(),
  work = () => sleep(5),
  now = Date.now,
}: ServerOptions = {}): Promise<FastifyInstance> {
  const opened = await backend.open(storeSettings(stores));
  if (setUp) await opened.setUp({ seatIds, capacity });
  const tokens = createTokens(tokenTtlSeconds * 1_000, now, tokenSecret);

  const app = Fastify({
    logger: false,
    // Contenders keep their connections alive, which would keep the server alive.
    forceCloseConnections: true,
    // Takes the body as it was sent: "1" is not a number, and unknown fields are allowed.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler((error: FastifyError, _, reply) => {
    const status = isMalformedBody(error) ? 422 : (error.statusCode ?? 500);
    if (status >= 500) console.error(error);
    return reply.code(status).send({ message: status >= 500 ? 'Internal error' : error.message });
  });
  app.setNotFoundHandler(({ method, url }, reply) =>
    reply.code(404).send({ message: `No such route: ${method} ${url}` }),
  );
  app.addHook('onClose', () => opened.close());

  app.get('/health', async () => ({ status: 'ok' }));
  // Between rounds that repeat.
  app.post('/orders/reset', async (_, reply) => {
    await opened.reset({ seatIds, capacity });
    return reply.code(204).send();
  });
  await app.register(tokenRoutes(tokens, tokenTtlSeconds));
  await app.register(opened.routes(work, { seatIds, tokens }));
  return app;
}

/** Fills in the defaults: see `ServerOptions.stores`. */
export function storeSettings(given: Partial<StoreSettings>): StoreSettings {
  return {
    sqliteFile: ':memory:',
    databaseUrl: process.env.DATABASE_URL,
    redisUrl: process.env.REDIS_URL,
    namespace: randomBytes(6).toString('hex'),
    ...given,
  };
}
