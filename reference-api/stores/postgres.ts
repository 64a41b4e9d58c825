import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Seats, type Setup, type Store, StoreError, seatOf } from './store.ts';

/** Connections per process: the default of `pg`, which most applications keep. */
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** How long `close` waits for connections that nobody has released. */
const CLOSE_TIMEOUT_MS = 500;
/** All schemas with this prefix are ours. */
const PREFIX = 'order_race_';

/** SQLSTATE codes for "somebody else was faster". */
export const UNIQUE_VIOLATION = '23505';
export const SERIALIZATION_FAILURE = '40001';
export const LOCK_NOT_AVAILABLE = '55P03';

export const hasSqlState = (error: unknown, code: string): boolean =>
  error instanceof pg.DatabaseError && error.code === code;

/**
 * Opens a connection pool. Each start has a schema to itself, so it touches no other tables, and several starts can share
 * a database.
 *
 * @throws StoreError when no server answers
 */
export async function openPostgres(url: string | undefined, namespace: string): Promise<Store<pg.Pool>> {
  if (!url) {
    throw new StoreError(
      'the store postgres needs DATABASE_URL, such as postgres://user:password@localhost:5432/database',
    );
  }
  const schema = `${PREFIX}${namespace}`;
  const pool = new pg.Pool({ connectionString: withSearchPath(url, schema), max: POOL_SIZE });
  // An idle connection broke. The pool has already dropped it and opens a new one.
  pool.on('error', () => {});
  // Outside the pool, because a strategy may use up all of the pool's connections.
  const admin = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  admin.on('error', () => {});
  await admin.connect().catch((error: unknown) => {
    throw new StoreError(`PostgreSQL does not answer: ${reasonOf(error)}. Is it up, and DATABASE_URL right?`);
  });
  let createdSchema = false;
  return {
    connection: pool,
    setUp: async (setup) => {
      await dropLeftovers(admin);
      createdSchema = true;
      await admin.query('SELECT pg_advisory_lock(hashtext($1))', [schema]);
      await createTables(admin, schema, setup);
    },
    reset: (setup) => createTables(admin, schema, setup),
    openSeats: () => openSeats(pool),
    close: async () => {
      await Promise.race([pool.end(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      // A short timeout is enough: if somebody still uses the schema, the next start drops it.
      if (createdSchema) await admin.query(`SET lock_timeout = '500ms'; DROP SCHEMA ${schema} CASCADE`).catch(() => {});
      await admin.end();
    },
  };
}

function withSearchPath(text: string, schema: string): string {
  // With another scheme, pg would silently connect to localhost.
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    throw new StoreError('DATABASE_URL must be a URL: postgres://user:password@host:port/database');
  }
  const url = new URL(text);
  const options = url.searchParams.get('options');
  url.searchParams.set('options', `${options === null ? '' : `${options} `}-c search_path=${schema}`);
  return url.href;
}

/** A living process holds an advisory lock for each schema it created; a schema without a lock is left over from a crash. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, $1)',
    [PREFIX],
  );
  for (const { name } of rows) {
    const { rows: locks } = await admin.query('SELECT pg_try_advisory_lock(hashtext($1)) AS free', [name]);
    if (locks[0]?.free !== true) continue;
    await admin.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(name)} CASCADE`);
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
  }
}

/** Creates the tables, in place of those that are there. */
async function createTables(admin: pg.Client, name: string, { schema, seatIds, capacity }: Setup): Promise<void> {
  await admin.query(`
    DROP SCHEMA IF EXISTS ${name} CASCADE;
    CREATE SCHEMA ${name};
    SET search_path TO ${name};
    CREATE TABLE seats (
      seat_id text PRIMARY KEY,
      position integer NOT NULL,
      status text NOT NULL DEFAULT 'available',
      version integer NOT NULL DEFAULT 0,
      capacity integer NOT NULL
    );
    ${schema}
  `);
  await admin.query(
    `INSERT INTO seats (seat_id, position, capacity)
     SELECT seat_id, position, $2 FROM unnest($1::text[]) WITH ORDINALITY AS given (seat_id, position)`,
    [seatIds, capacity],
  );
}

function openSeats(pool: pg.Pool): Seats {
  const list = async (condition: string, values: readonly string[]) => {
    const { rows } = await pool.query<{ seat_id: string; order_ids: string[] }>(
      `SELECT seat_id, array_remove(array_agg(order_id ORDER BY bookings.ctid), NULL) AS order_ids
       FROM seats LEFT JOIN bookings USING (seat_id) ${condition} GROUP BY seat_id, position ORDER BY position`,
      [...values],
    );
    return rows.map((row) => seatOf(row.seat_id, row.order_ids));
  };
  return {
    read: async (seatId) => (await list('WHERE seat_id = $1', [seatId]))[0],
    all: () => list('', []),
    reset: async () => {
      await pool.query("DELETE FROM bookings; UPDATE seats SET status = 'available', version = 0");
    },
  };
}

/** When a host name has several addresses, the reasons are inside an AggregateError. */
function reasonOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : String(first);
}
