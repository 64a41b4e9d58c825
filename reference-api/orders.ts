import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Book } from './locks/lock.ts';
import type { Seats } from './seats.ts';
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

/** The booking call, the read-back and the reset, below `/orders`. */
export function orderRoutes(seats: Seats, tokens: Tokens, book: Book) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Body: OrderBody }>('/orders', {
      schema: { body: orderBody },
      // Before the body is read: a stranger learns nothing about what a good one looks like.
      onRequest: async ({ headers }, reply) => {
        if (tokens.accepts(headers.authorization)) return;
        await reply.code(401).header('www-authenticate', 'Bearer').send({ message: 'A valid bearer token is needed' });
      },
      handler: async ({ body }, reply) => {
        const unknown = body.seat_ids.find((seatId) => !seats.has(seatId));
        if (unknown !== undefined) return reply.code(404).send({ message: `Unknown seat ${unknown}` });

        const orderId = randomUUID();
        const booked = await book({ orderId, seatIds: body.seat_ids });
        if (!booked) return reply.code(400).send({ message: 'Seat validation failed' });
        return reply.code(201).send({ order_id: orderId });
      },
    });

    app.get('/orders/seats', async () => ({ seats: seats.all() }));

    app.get<{ Params: { seatId: string } }>('/orders/seats/:seatId', async ({ params }, reply) => {
      const seat = seats.read(params.seatId);
      return seat ?? reply.code(404).send({ message: `Unknown seat ${params.seatId}` });
    });

    app.delete('/orders', async (_, reply) => {
      seats.reset();
      return reply.code(204).send();
    });
  };
}
