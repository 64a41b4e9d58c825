/** A seat as the read-back shows it. Several order ids: it was sold more than once, or has more than one unit. */
export interface Seat {
  readonly seat_id: string;
  readonly status: 'available' | 'booked';
  readonly order_ids: readonly string[];
}

/** The read-back of any strategy that writes the table `bookings (order_id, seat_id)`. */
export interface Seats {
  /** Undefined for an unknown seat. */
  readonly read: (seatId: string) => Promise<Seat | undefined>;
  /** In the order of `Setup.seatIds`. */
  readonly all: () => Promise<readonly Seat[]>;
  /** Makes every seat available again. */
  readonly reset: () => Promise<void>;
}

/** What the store holds at the start. */
export interface Setup {
  /** SQL that creates the tables of the strategy. */
  readonly schema: string;
  readonly seatIds: readonly string[];
  /** Units of each seat. */
  readonly capacity: number;
}

/** An open store. Several processes may open it; exactly one of them calls `setUp`. */
export interface Store<Connection> {
  readonly connection: Connection;
  /** Creates the tables, and drops what an earlier start has left behind. */
  readonly setUp: (setup: Setup) => Promise<void>;
  /** Takes back all that was sold since `setUp`, in whatever tables: any of the processes may call it. */
  readonly reset: (setup: Setup) => Promise<void>;
  /** Call it after `setUp`. */
  readonly openSeats: () => Seats;
  /** Disconnects. In the process that called `setUp` it also removes what that created. */
  readonly close: () => Promise<void>;
}

/** Where to find the stores. */
export interface StoreSettings {
  /** The SQLite database: a file, or `:memory:`. */
  readonly sqliteFile: string;
  /** Connection URL of PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  /** Connection URL of Redis. */
  readonly redisUrl?: string | undefined;
  /** Unique per start, so that several starts can share a server: lower-case letters, digits and `_`. */
  readonly namespace: string;
}

/** A store cannot be opened. The message says what is wrong and how to fix it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

export const seatOf = (seatId: string, orderIds: readonly string[]): Seat => ({
  seat_id: seatId,
  status: orderIds.length === 0 ? 'available' : 'booked',
  order_ids: orderIds,
});
