import { DatabaseSync } from 'node:sqlite';
import { type Layout, type Seats, type Store, seatOf } from './store.ts';

/** Marks a database file as ours ("race" in ASCII), so that no other file is ever emptied by mistake. */
const APPLICATION_ID = 0x72616365;
/** SQLite's primary result code for a violated constraint; the low byte of the extended code. */
const SQLITE_CONSTRAINT = 19;

/**
 * Opens an embedded database.
 *
 * @param location a file, or `:memory:`
 * @throws Error when the file cannot be opened
 */
export function openSqlite(location: string): Store<DatabaseSync> {
  const database = new DatabaseSync(location, { timeout: 5_000 });
  return {
    connection: database,
    layOut: async (layout) => layOut(database, location, layout),
    openSeats: () => openSeats(database),
    close: async () => database.close(),
  };
}

/** Whether a statement failed because of a constraint: of a unique one, for example. */
export function isConstraintViolation(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_CONSTRAINT
  );
}

/** @throws Error when the file is some other application's database */
function layOut(database: DatabaseSync, location: string, { schema, seatIds, capacity }: Layout): void {
  const { application_id: owner } = database.prepare('PRAGMA application_id').get() ?? {};
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length > 0 && owner !== APPLICATION_ID) {
    database.close();
    throw new Error(`${location} is the database of another application; name a file of its own`);
  }
  // WAL and NORMAL only matter for a file: commits then need no fsync, and 200 contenders do not queue for the disk.
  database.exec(`
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = OFF;
    ${tables
      .filter(({ name }) => name !== 'seats')
      .map(({ name }) => `DROP TABLE "${name}";`)
      .join('\n')}
    DROP TABLE IF EXISTS seats;
    PRAGMA foreign_keys = ON;
    CREATE TABLE seats (
      seat_id TEXT PRIMARY KEY,
      position INTEGER NOT NULL,
      status TEXT NOT NULL DEFAULT 'available',
      version INTEGER NOT NULL DEFAULT 0,
      capacity INTEGER NOT NULL
    ) STRICT;
    ${schema}
  `);
  const insert = database.prepare('INSERT INTO seats (seat_id, position, capacity) VALUES (?, ?, ?)');
  database.exec('BEGIN');
  for (const [position, seatId] of seatIds.entries()) insert.run(seatId, position, capacity);
  database.exec('COMMIT');
}

/** The statements are prepared once. */
function openSeats(database: DatabaseSync): Seats {
  const find = database.prepare('SELECT 1 FROM seats WHERE seat_id = ?');
  const list = database.prepare('SELECT seat_id FROM seats ORDER BY position');
  const orders = database.prepare('SELECT order_id FROM bookings WHERE seat_id = ? ORDER BY rowid');

  const seat = (seatId: string) =>
    seatOf(
      seatId,
      orders.all(seatId).map((row) => String(row.order_id)),
    );
  return {
    read: async (seatId) => (find.get(seatId) === undefined ? undefined : seat(seatId)),
    all: async () => list.all().map((row) => seat(String(row.seat_id))),
    reset: async () => database.exec("DELETE FROM bookings; UPDATE seats SET status = 'available', version = 0"),
  };
}
