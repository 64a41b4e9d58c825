import { DatabaseSync } from 'node:sqlite';

/** A seat as the read-back shows it. More than one order id: it was sold more than once. */
export interface Seat {
  readonly seat_id: string;
  readonly status: 'available' | 'booked';
  readonly order_ids: readonly string[];
}

/** What can be asked about the seats, whatever locks them. */
export interface Seats {
  readonly has: (seatId: string) => boolean;
  /** `undefined` where there is no such seat. */
  readonly read: (seatId: string) => Seat | undefined;
  /** In the order in which they were given. */
  readonly all: () => readonly Seat[];
  /** Makes every seat available again. */
  readonly reset: () => void;
}

/** Marks a database file as ours ("race" in ASCII), so that no other file is ever emptied by mistake. */
const APPLICATION_ID = 0x72616365;

/**
 * Opens the database and lays it out afresh: bookings of an earlier start are gone.
 *
 * @param location a file, or `:memory:`
 * @param bookings the lock's own table; whether it can hold two bookings of one seat is the lock's business
 * @throws Error when the file is some other application's database, or cannot be opened
 */
export function openDatabase(location: string, seatIds: readonly string[], bookings: string): DatabaseSync {
  const database = new DatabaseSync(location, { timeout: 5_000 });
  const { application_id: owner } = database.prepare('PRAGMA application_id').get() ?? {};
  const tables = database.prepare('SELECT name FROM sqlite_schema LIMIT 1').all();
  if (tables.length > 0 && owner !== APPLICATION_ID) {
    database.close();
    throw new Error(`${location} is the database of another application; name a file of its own`);
  }
  // WAL and NORMAL only matter for a file: commits then need no fsync, and 200 contenders do not queue for the disk.
  database.exec(`
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    DROP TABLE IF EXISTS bookings;
    DROP TABLE IF EXISTS seats;
    CREATE TABLE seats (seat_id TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
    ${bookings}
  `);
  const insert = database.prepare('INSERT INTO seats (seat_id, position) VALUES (?, ?)');
  database.exec('BEGIN');
  for (const [position, seatId] of seatIds.entries()) insert.run(seatId, position);
  database.exec('COMMIT');
  return database;
}

/** The seats of an open database; its statements are prepared once. */
export function createSeats(database: DatabaseSync): Seats {
  const find = database.prepare('SELECT 1 FROM seats WHERE seat_id = ?');
  const list = database.prepare('SELECT seat_id FROM seats ORDER BY position');
  const orders = database.prepare('SELECT order_id FROM bookings WHERE seat_id = ? ORDER BY rowid');
  const clear = database.prepare('DELETE FROM bookings');

  const has = (seatId: string) => find.get(seatId) !== undefined;
  const seat = (seatId: string): Seat => {
    const orderIds = orders.all(seatId).map((row) => String(row.order_id));
    return { seat_id: seatId, status: orderIds.length === 0 ? 'available' : 'booked', order_ids: orderIds };
  };
  return {
    has,
    read: (seatId) => (has(seatId) ? seat(seatId) : undefined),
    all: () => list.all().map((row) => seat(String(row.seat_id))),
    reset: () => {
      clear.run();
    },
  };
}
