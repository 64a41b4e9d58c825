import { randomUUID } from 'node:crypto';
import { id } from '../../orders.ts';
import { needsToken } from '../../tokens.ts';
import type { Routes } from '../flow.ts';
import type { Reservations } from './per-user-limit.ts';

interface ReservationBody {
  readonly customer_id: string;
  readonly seat_id: string;
}

const reservationBody = {
  type: 'object',
  required: ['customer_id', 'seat_id'],
  properties: { customer_id: id, seat_id: id },
} as const;

/** `POST /orders` reserves a seat for a customer; `GET /orders/customers/{customerId}` returns how many they have. */
export const limitRoutes: Routes<Reservations> =
  ({ reserve, read }, { tokens }) =>
  async (app) => {
    app.post<{ Body: ReservationBody }>('/orders', {
      schema: { body: reservationBody },
      onRequest: needsToken(tokens),
      handler: async ({ body: { customer_id: customerId, seat_id: seatId } }, reply) => {
        if ((await read(customerId)) === undefined) return reply.code(404).send({ message: 'Unknown customer' });
        const orderId = randomUUID();
        switch (await reserve({ orderId, customerId, seatId })) {
          case 'booked':
            return reply.code(201).send({ order_id: orderId });
          case 'taken':
            return reply.code(409).send({ message: 'Seat taken' });
          case 'limit-reached':
            return reply.code(409).send({ message: 'You have as many seats as one may have' });
        }
      },
    });

    app.get<{ Params: { customerId: string } }>('/orders/customers/:customerId', async ({ params }, reply) => {
      return (await read(params.customerId)) ?? reply.code(404).send({ message: 'Unknown customer' });
    });
  };
