import { randomUUID } from 'node:crypto';
import { id } from '../../orders.ts';
import { needsToken } from '../../tokens.ts';
import type { Routes } from '../flow.ts';
import type { Quota } from './quota.ts';

interface AdmissionBody {
  readonly pool_id: string;
  readonly quantity: number;
}

const admissionBody = {
  type: 'object',
  required: ['pool_id', 'quantity'],
  properties: { pool_id: id, quantity: { type: 'integer', minimum: 1, maximum: 10 } },
} as const;

/** `POST /orders` sells a quantity from a pool; `GET /orders/pools/{poolId}` returns how many were sold. */
export const quotaRoutes: Routes<Quota> =
  ({ admit, read }, { tokens }) =>
  async (app) => {
    app.post<{ Body: AdmissionBody }>('/orders', {
      schema: { body: admissionBody },
      onRequest: needsToken(tokens),
      handler: async ({ body: { pool_id: poolId, quantity } }, reply) => {
        if ((await read(poolId)) === undefined) return reply.code(404).send({ message: `Unknown pool ${poolId}` });
        const orderId = randomUUID();
        const result = await admit({ orderId, poolId, quantity });
        return result === 'booked'
          ? reply.code(201).send({ order_id: orderId, quantity })
          : reply.code(409).send({ message: `Fewer than ${quantity} left` });
      },
    });

    app.get<{ Params: { poolId: string } }>('/orders/pools/:poolId', async ({ params: { poolId } }, reply) => {
      return (await read(poolId)) ?? reply.code(404).send({ message: `Unknown pool ${poolId}` });
    });
  };
