import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { DEMO_SEATS } from './demo.ts';
import type { Lock, Work } from './locks/lock.ts';
import { unique } from './locks/unique.ts';
import { orderRoutes } from './orders.ts';
import { createSeats, openDatabase } from './seats.ts';
import { createTokens, tokenRoutes } from './tokens.ts';

export interface ServerOptions {
  /** Default: `unique`, which is right. */
  readonly lock?: Lock;
  /** Default: the 16 seats of the demo. */
  readonly seats?: readonly string[];
  /** A file, or `:memory:`, the default. */
  readonly database?: string;
  /** How long a token is good. Default: 3600. */
  readonly tokenTtlSeconds?: number;
  /** What each booking awaits before it writes. Default: 5 ms of nothing. */
  readonly work?: Work;
  /** Clock of the tokens, in milliseconds. Default: the monotonic one. */
  readonly now?: () => number;
}

/** Statuses by which Fastify says that a body cannot be read, or is not what the schema asks for. */
const isMalformedBody = (error: FastifyError): boolean =>
  error.validation !== undefined || /^FST_ERR_CTP_(INVALID|EMPTY)_JSON_BODY$/.test(error.code);

/**
 * The booking API, ready to `listen`; `close` ends it, open connections included.
 *
 * @throws Error when the database cannot be opened
 */
export async function createServer({
  lock = unique,
  seats: seatIds = DEMO_SEATS,
  database: location = ':memory:',
  tokenTtlSeconds = 3_600,
  work = () => sleep(5),
  now = () => performance.now(),
}: ServerOptions = {}): Promise<FastifyInstance> {
  const database = openDatabase(location, seatIds, lock.bookings);
  const seats = createSeats(database);
  const tokens = createTokens(tokenTtlSeconds * 1_000, now);

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
  app.addHook('onClose', async () => database.close());

  app.get('/health', async () => ({ status: 'ok' }));
  await app.register(tokenRoutes(tokens, tokenTtlSeconds));
  await app.register(orderRoutes(seats, tokens, lock.prepare(database, work)));
  return app;
}
