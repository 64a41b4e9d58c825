import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Book, BookingResult } from './locks/lock.ts';
import type { Seats } from './stores/store.ts';
import type { Tokens } from './tokens.ts';

interface OrderBody {
  readonly event_id: string;
  readonly session_id: string;
  readonly seat_ids: readonly string[];
  readonly organization_id: string;
  readonly discount_id?: string | null;
}

const id = { type: 'string', minLength: 1, maxLength: 200 } as const;

const orderBody = {
  type: 'object',
  required: ['event_id', 'session_id', 'seat_ids', 'organization_id'],
  properties: {
    event_id: id,
    session_id: id,
    seat_ids: { type: 'array', items: id, minItems: 1, maxItems: 100, uniqueItems: true },
    organization_id: id,
    discount_id: { anyOf: [id, { type: 'null' }] },
  },
} as const;

/** How an order is refused. */
const REFUSALS: Readonly<
  Record<Exclude<BookingResult, 'booked'>, { readonly status: number; readonly message: string }>
> = {
  taken: { status: 400, message: 'Seat validation failed' },
  conflict: { status: 409, message: 'Somebody was faster' },
  locked: { status: 423, message: 'Somebody is booking this seat' },
};

export interface OrderRoutes {
  readonly seatIds: readonly string[];
  readonly seats: Seats;
  readonly tokens: Tokens;
  readonly book: Book;
}

/** The booking call, the read-back and the reset, below `/orders`. */
export function orderRoutes({ seatIds, seats, tokens, book }: OrderRoutes) {
  const known = new Set(seatIds);

  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Body: OrderBody }>('/orders', {
      schema: { body: orderBody },
      // Before the body is read: a stranger learns nothing about what a good one looks like.
      onRequest: async ({ headers }, reply) => {
        if (tokens.accepts(headers.authorization)) return;
        await reply.code(401).header('www-authenticate', 'Bearer').send({ message: 'A valid bearer token is needed' });
      },
      handler: async ({ body }, reply) => {
        const unknown = body.seat_ids.find((seatId) => !known.has(seatId));
        if (unknown !== undefined) return reply.code(404).send({ message: `Unknown seat ${unknown}` });

        const orderId = randomUUID();
        const result = await book({ orderId, seatIds: body.seat_ids });
        if (result === 'booked') return reply.code(201).send({ order_id: orderId });
        const { status, message } = REFUSALS[result];
        return reply.code(status).send({ message });
      },
    });

    app.get('/orders/seats', async () => ({ seats: await seats.all() }));

    app.get<{ Params: { seatId: string } }>('/orders/seats/:seatId', async ({ params }, reply) => {
      const seat = await seats.read(params.seatId);
      return seat ?? reply.code(404).send({ message: `Unknown seat ${params.seatId}` });
    });

    app.delete('/orders', async (_, reply) => {
      await seats.reset();
      return reply.code(204).send();
    });
  };
}
