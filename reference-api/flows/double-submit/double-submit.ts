import type { Strategy } from '../../strategy.ts';

/** An order that may be sent several times. */
export interface Submission {
  readonly orderId: string;
  readonly idempotencyKey: string;
  /** What was asked for, to tell two requests under one key apart. */
  readonly request: string;
  readonly cartId: string;
}

/** `done`: with the id of the order that there is now under this key, whoever made it. */
export type SubmissionResult = { readonly kind: 'done'; readonly orderId: string } | { readonly kind: 'other-request' };

export interface Submissions {
  readonly submit: (submission: Submission) => Promise<SubmissionResult>;
  /** The orders made of a cart. */
  readonly ordersOf: (cartId: string) => Promise<readonly string[]>;
}

export type SubmissionStrategy = Strategy<Submissions>;

/** Orders, and the keys under which they were sent. */
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
