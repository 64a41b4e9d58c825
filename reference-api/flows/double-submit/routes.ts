import { randomUUID } from 'node:crypto';
import { id } from '../../orders.ts';
import { needsToken } from '../../tokens.ts';
import type { Routes } from '../flow.ts';
import type { Submissions } from './double-submit.ts';

interface CartBody {
  readonly cart_id: string;
  readonly quantity: number;
}

const cartBody = {
  type: 'object',
  required: ['cart_id', 'quantity'],
  properties: { cart_id: id, quantity: { type: 'integer', minimum: 1 } },
} as const;

const keyHeader = {
  type: 'object',
  required: ['idempotency-key'],
  properties: { 'idempotency-key': id },
} as const;

/**
 * `POST /orders` with the header `Idempotency-Key` orders a cart once, no matter how often it is sent. The same key with
 * another body is refused. `GET /orders/carts/{cartId}` returns the orders of a cart.
 */
export const submissionRoutes: Routes<Submissions> =
  ({ submit, ordersOf }, { tokens }) =>
  async (app) => {
    app.post<{ Body: CartBody; Headers: { readonly 'idempotency-key': string } }>('/orders', {
      schema: { body: cartBody, headers: keyHeader },
      onRequest: needsToken(tokens),
      handler: async ({ body, headers }, reply) => {
        const result = await submit({
          orderId: randomUUID(),
          idempotencyKey: headers['idempotency-key'],
          request: JSON.stringify([body.cart_id, body.quantity]),
          cartId: body.cart_id,
        });
        return result.kind === 'done'
          ? reply.code(201).send({ order_id: result.orderId })
          : reply.code(422).send({ message: 'This key was used for another order' });
      },
    });

    app.get<{ Params: { cartId: string } }>('/orders/carts/:cartId', async ({ params: { cartId } }) => {
      const orderIds = await ordersOf(cartId);
      return { cart_id: cartId, orders: orderIds.length, order_ids: orderIds };
    });
  };
