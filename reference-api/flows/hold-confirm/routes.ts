import { randomUUID } from 'node:crypto';
import { id } from '../../orders.ts';
import { needsToken } from '../../tokens.ts';
import type { Routes } from '../flow.ts';
import { type Holds, LEASE_MS } from './hold-confirm.ts';

const holdBody = { type: 'object', required: ['seat_id'], properties: { seat_id: id } } as const;

/**
 * `POST /orders/holds` holds a seat, `POST /orders/holds/{holdId}/confirmation` pays and turns the hold into an order, and
 * `GET /orders/seats/{seatId}` returns whether the seat is sold. A held seat is not sold.
 */
export const holdRoutes: Routes<Holds> = ({ hold, confirm }, { seatIds, tokens, openSeats }) => {
  const known = new Set(seatIds);
  const seats = openSeats();

  return async (app) => {
    app.post<{ Body: { readonly seat_id: string } }>('/orders/holds', {
      schema: { body: holdBody },
      onRequest: needsToken(tokens),
      handler: async ({ body: { seat_id: seatId } }, reply) => {
        if (!known.has(seatId)) return reply.code(404).send({ message: `Unknown seat ${seatId}` });
        const holdId = randomUUID();
        return (await hold({ holdId, seatId })) === 'held'
          ? reply.code(201).send({ hold_id: holdId, lasts_ms: LEASE_MS })
          : reply.code(409).send({ message: 'Somebody has this seat' });
      },
    });

    app.post<{ Params: { holdId: string } }>('/orders/holds/:holdId/confirmation', {
      onRequest: needsToken(tokens),
      handler: async ({ params: { holdId } }, reply) => {
        const orderId = randomUUID();
        return (await confirm(holdId, orderId)) === 'confirmed'
          ? reply.code(201).send({ order_id: orderId })
          : reply.code(410).send({ message: 'This hold has ended' });
      },
    });

    app.get<{ Params: { seatId: string } }>('/orders/seats/:seatId', async ({ params: { seatId } }, reply) => {
      return (await seats.read(seatId)) ?? reply.code(404).send({ message: `Unknown seat ${seatId}` });
    });
  };
};
