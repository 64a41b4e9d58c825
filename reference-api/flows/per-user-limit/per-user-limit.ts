import type { Strategy } from '../../strategy.ts';

export interface Reservation {
  readonly orderId: string;
  readonly customerId: string;
  readonly seatId: string;
}

export interface Customer {
  readonly customer_id: string;
  readonly seat_limit: number;
  readonly seats: number;
  readonly order_ids: readonly string[];
}

/** Seats for customers, with a limit per customer. */
export interface Reservations {
  readonly reserve: (reservation: Reservation) => Promise<'booked' | 'taken' | 'limit-reached'>;
  /** Undefined for an unknown customer. */
  readonly read: (customerId: string) => Promise<Customer | undefined>;
}

export type LimitStrategy = Strategy<Reservations>;

/** The customers of the demo, in SQL that every store understands. Any seat id is accepted; each seat is sold once. */
export const CUSTOMERS = `
  CREATE TABLE customers (
    customer_id text PRIMARY KEY,
    seat_limit integer NOT NULL
  );
  INSERT INTO customers (customer_id, seat_limit) VALUES ('ann', 1), ('bob', 1), ('cleo', 2), ('dan', 4);
  CREATE TABLE reservations (
    order_id text NOT NULL,
    customer_id text NOT NULL REFERENCES customers (customer_id),
    seat_id text PRIMARY KEY
  );
`;
