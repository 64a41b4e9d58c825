import { DatabaseSync } from 'node:sqlite';
import { type Seats, type Setup, type Store, seatOf } from './store.ts';

/** Marks a database file as ours ("race" in ASCII), so that we never empty the file of another application. */
const APPLICATION_ID = 0x72616365;
/** SQLite's primary result code for a violated constraint; the low byte of the extended code. */
const SQLITE_CONSTRAINT = 19;

/**
 * Opens an embedded database.
 *
 * @param file a path, or `:memory:`
 * @throws Error when the file cannot be opened
 */
export function openSqlite(file: string): Store<DatabaseSync> {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  return {
    connection: database,
    setUp: async (setup) => setUp(database, file, setup),
    // SQLite prepares statements anew where their tables were created anew.
    reset: async (setup) => setUp(database, file, setup),
    openSeats: () => openSeats(database),
    close: async () => database.close(),
  };
}

/** Whether a statement failed because it violates a constraint, such as a unique one. */
export function isConstraintViolation(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_CONSTRAINT
  );
}

/** @throws Error when the file is the database of another application */
function setUp(database: DatabaseSync, file: string, { schema, seatIds, capacity }: Setup): void {
  const { application_id: owner } = database.prepare('PRAGMA application_id').get() ?? {};
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length > 0 && owner !== APPLICATION_ID) {
    database.close();
    throw new Error(`${file} is the database of another application; choose a different file`);
  }
  // WAL and NORMAL matter only for a file: commits need no fsync, so 200 contenders do not queue for the disk.
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
