import { randomUUID } from 'node:crypto';
import { id } from '../../orders.ts';
import { needsToken } from '../../tokens.ts';
import type { Routes } from '../flow.ts';
import type { Coupons } from './coupon.ts';

const orderBody = { type: 'object', required: ['discount_id'], properties: { discount_id: id } } as const;

/**
 * `POST /orders` places an order with a coupon: always 201, and the body says whether the discount was applied.
 * `GET /orders/coupons/{code}` returns how often the coupon was used.
 */
export const couponRoutes: Routes<Coupons> =
  ({ order, read }, { tokens }) =>
  async (app) => {
    app.post<{ Body: { readonly discount_id: string } }>('/orders', {
      schema: { body: orderBody },
      onRequest: needsToken(tokens),
      handler: async ({ body: { discount_id: code } }, reply) => {
        if ((await read(code)) === undefined) return reply.code(404).send({ message: `Unknown coupon ${code}` });
        const orderId = randomUUID();
        const result = await order({ orderId, code });
        return result === 'discounted'
          ? reply.code(201).send({ order_id: orderId, discount_applied: true })
          : reply.code(201).send({ order_id: orderId, discount_applied: false, message: 'The coupon is used up' });
      },
    });

    app.get<{ Params: { code: string } }>('/orders/coupons/:code', async ({ params: { code } }, reply) => {
      return (await read(code)) ?? reply.code(404).send({ message: `Unknown coupon ${code}` });
    });
  };
