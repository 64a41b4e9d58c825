import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { DEMO_SEATS } from './demo.ts';
import { type Offer, offerOf } from './flows/flow.ts';
import type { Lock } from './locks/lock.ts';
import { unique } from './locks/sqlite/unique.ts';
import { orderRoutes } from './orders.ts';
import type { StoreSettings } from './stores/store.ts';
import type { Work } from './strategy.ts';
import { createTokens, tokenRoutes } from './tokens.ts';

export interface ServerOptions {
  /** Default: `unique` in SQLite, which is right. */
  readonly lock?: Lock;
  /** What is offered instead of orders of seats under that lock. */
  readonly offer?: Offer;
  /** Default: SQLite in memory, PostgreSQL at `DATABASE_URL`, Redis at `REDIS_URL`, and a namespace of its own. */
  readonly stores?: Partial<StoreSettings>;
  /** Whether to lay the store out afresh. Default: yes; no in all processes but one that share it. */
  readonly layOut?: boolean;
  /** Default: the 16 seats of the demo. */
  readonly seats?: readonly string[];
  /** Units of each seat. Default: 1. */
  readonly capacity?: number;
  /** How long a token is good. Default: 3600. */
  readonly tokenTtlSeconds?: number;
  /** Signs the tokens; the same in all processes behind one port. Default: a new one. */
  readonly tokenSecret?: string;
  /** What each booking awaits before it writes. Default: 5 ms of nothing. */
  readonly work?: Work;
  /** Clock of the tokens, in milliseconds. Default: the wall clock, which processes have in common. */
  readonly now?: () => number;
}

/** Statuses by which Fastify says that a body cannot be read, or is not what the schema asks for. */
const isMalformedBody = (error: FastifyError): boolean =>
  error.validation !== undefined || /^FST_ERR_CTP_(INVALID|EMPTY)_JSON_BODY$/.test(error.code);

/**
 * The booking API, ready to `listen`; `close` ends it, open connections included.
 *
 * @throws StoreError when the store cannot be opened
 */
export async function createServer({
  lock = unique,
  offer = offerOf(lock, orderRoutes),
  stores = {},
  layOut = true,
  seats: seatIds = DEMO_SEATS,
  capacity = 1,
  tokenTtlSeconds = 3_600,
  tokenSecret = randomUUID(),
  work = () => sleep(5),
  now = Date.now,
}: ServerOptions = {}): Promise<FastifyInstance> {
  const opened = await offer.open(storeSettings(stores));
  if (layOut) await opened.layOut({ seatIds, capacity });
  const tokens = createTokens(tokenTtlSeconds * 1_000, now, tokenSecret);

  const app = Fastify({
    logger: false,
    // Contenders keep their connections alive, and would keep the server alive by them.
    forceCloseConnections: true,
    // A body is taken as it was sent: "1" is no number, and an unknown field is nobody's business.
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
  await app.register(tokenRoutes(tokens, tokenTtlSeconds));
  await app.register(opened.routes(work, { seatIds, tokens }));
  return app;
}

/** Fills in where the stores are by default. */
export function storeSettings(given: Partial<StoreSettings>): StoreSettings {
  return {
    location: ':memory:',
    databaseUrl: process.env.DATABASE_URL,
    redisUrl: process.env.REDIS_URL,
    namespace: randomBytes(6).toString('hex'),
    ...given,
  };
}
