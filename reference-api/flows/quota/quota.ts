import type { Strategy } from '../../strategy.ts';

export interface Admission {
  readonly orderId: string;
  readonly poolId: string;
  readonly quantity: number;
}

export interface Pool {
  readonly pool_id: string;
  readonly capacity: number;
  readonly sold: number;
  readonly order_ids: readonly string[];
}

/** General admission: tickets from a pool, without numbered seats. */
export interface Quota {
  /** Sells the whole quantity or nothing. */
  readonly admit: (admission: Admission) => Promise<'booked' | 'sold-out'>;
  /** Undefined for an unknown pool. */
  readonly read: (poolId: string) => Promise<Pool | undefined>;
}

export type QuotaStrategy = Strategy<Quota>;

/** The pools of the demo, in SQL that every store understands. */
export const POOLS = `
  CREATE TABLE pools (
    pool_id text PRIMARY KEY,
    capacity integer NOT NULL,
    sold integer NOT NULL DEFAULT 0
  );
  INSERT INTO pools (pool_id, capacity) VALUES ('floor', 60), ('balcony', 40), ('gallery', 25), ('terrace', 10);
  CREATE TABLE admissions (
    order_id text PRIMARY KEY,
    pool_id text NOT NULL REFERENCES pools (pool_id),
    quantity integer NOT NULL
  );
`;
