import { randomUUID } from 'node:crypto';
import type { Routes } from './flows/flow.ts';
import type { Book, BookingResult } from './locks/lock.ts';
import { needsToken } from './tokens.ts';

interface OrderBody {
  readonly event_id: string;
  readonly session_id: string;
  readonly seat_ids: readonly string[];
  readonly organization_id: string;
  readonly discount_id?: string | null;
}

/** JSON Schema of any id. */
export const id = { type: 'string', minLength: 1, maxLength: 200 } as const;

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

/** The answer to a refused order. */
const REFUSALS: Readonly<
  Record<Exclude<BookingResult, 'booked'>, { readonly status: number; readonly message: string }>
> = {
  taken: { status: 400, message: 'Seat validation failed' },
  conflict: { status: 409, message: 'Somebody was faster' },
  locked: { status: 423, message: 'Somebody is booking this seat' },
};

/** The booking call, the read-back and the reset, below `/orders`. */
export const orderRoutes: Routes<Book> = (book, { seatIds, openSeats, tokens }) => {
  const known = new Set(seatIds);
  const seats = openSeats();

  return async (app) => {
    app.post<{ Body: OrderBody }>('/orders', {
      schema: { body: orderBody },
      onRequest: needsToken(tokens),
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
};
