/** A seat as the read-back shows it. More than one order id: it was sold more than once, or has more than one unit. */
export interface Seat {
  readonly seat_id: string;
  readonly status: 'available' | 'booked';
  readonly order_ids: readonly string[];
}

/** What can be asked about the seats, whatever locks them: it comes from the table `bookings (order_id, seat_id)`. */
export interface Seats {
  /** `undefined` where there is no such seat. */
  readonly read: (seatId: string) => Promise<Seat | undefined>;
  /** In the order in which they were given. */
  readonly all: () => Promise<readonly Seat[]>;
  /** Makes every seat available again. */
  readonly reset: () => Promise<void>;
}

/** What a store holds when it is laid out. */
export interface Layout {
  /** The strategy's own tables. */
  readonly schema: string;
  readonly seatIds: readonly string[];
  /** Units of each seat. */
  readonly capacity: number;
}

/** An open store. Several processes may have it open; one of them lays it out. */
export interface Store<Connection> {
  readonly connection: Connection;
  /** Creates the tables afresh; what an earlier start has left is gone. */
  readonly layOut: (layout: Layout) => Promise<void>;
  /** Once the tables are there. */
  readonly openSeats: () => Seats;
  /** Whoever has laid it out also takes it away. */
  readonly close: () => Promise<void>;
}

/** Where the stores are. */
export interface StoreSettings {
  /** The SQLite database: a file, or `:memory:`. */
  readonly location: string;
  /** A connection URL of PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  /** Of this start alone, so that several can share a server: lower-case letters, digits and `_`. */
  readonly namespace: string;
}

/** A store that cannot be opened: where it was looked for, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

export const seatOf = (seatId: string, orderIds: readonly string[]): Seat => ({
  seat_id: seatId,
  status: orderIds.length === 0 ? 'available' : 'booked',
  order_ids: orderIds,
});
