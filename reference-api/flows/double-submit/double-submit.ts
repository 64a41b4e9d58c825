import type { Strategy } from '../../strategy.ts';

/** An order that may be sent several times. */
export interface Submission {
  readonly orderId: string;
  readonly idempotencyKey: string;
  /** The body of the request, to notice a different request under the same key. */
  readonly request: string;
  readonly cartId: string;
}

/** `done`: the id of the order under this key, from this request or an earlier one. */
export type SubmissionResult = { readonly kind: 'done'; readonly orderId: string } | { readonly kind: 'other-request' };

export interface Submissions {
  readonly submit: (submission: Submission) => Promise<SubmissionResult>;
  /** Ids of the orders that were placed for a cart. */
  readonly ordersOf: (cartId: string) => Promise<readonly string[]>;
}

export type SubmissionStrategy = Strategy<Submissions>;

/** Orders, and the idempotency keys they were sent with. */
export const ORDERS_AND_KEYS = `
  CREATE TABLE orders (
    order_id TEXT PRIMARY KEY,
    cart_id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE idempotency_keys (
    idempotency_key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    order_id TEXT NOT NULL
  ) STRICT;
`;
