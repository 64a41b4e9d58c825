import { orderRoutes } from '../../orders.ts';
import { needsToken } from '../../tokens.ts';
import type { Routes } from '../flow.ts';
import type { Bookings } from './cancel-rebook.ts';

/** The routes of the order race, and `DELETE /orders/{orderId}`, which cancels an order. */
export const bookingsRoutes: Routes<Bookings> =
  ({ book, cancel }, context) =>
  async (app) => {
    await app.register(orderRoutes(book, context));

    app.delete<{ Params: { orderId: string } }>('/orders/:orderId', {
      onRequest: needsToken(context.tokens),
      handler: async ({ params: { orderId } }, reply) =>
        (await cancel(orderId)) === 'cancelled'
          ? reply.code(204).send()
          : reply.code(404).send({ message: `Unknown order ${orderId}` }),
    });
  };
