import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Layout, type Seats, type Store, StoreError, seatOf } from './store.ts';

/** Connections of each process: what `pg` gives by default, and most applications leave at that. */
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** Connections that nobody gave back are not waited for. */
const CLOSE_TIMEOUT_MS = 500;
/** Schemas of this prefix are ours. */
const PREFIX = 'order_race_';

/** SQLSTATE codes by which PostgreSQL tells that somebody else was faster. */
export const UNIQUE_VIOLATION = '23505';
export const SERIALIZATION_FAILURE = '40001';
export const LOCK_NOT_AVAILABLE = '55P03';

export const hasSqlState = (error: unknown, code: string): boolean =>
  error instanceof pg.DatabaseError && error.code === code;

/**
 * Opens a pool. Everything is in a schema of this start alone: tables of others are not touched, and several starts can
 * share a database.
 *
 * @throws StoreError where no server answers
 */
export async function openPostgres(url: string | undefined, namespace: string): Promise<Store<pg.Pool>> {
  if (!url) {
    throw new StoreError(
      'the store postgres needs DATABASE_URL, such as postgres://user:password@localhost:5432/database',
    );
  }
  const schema = `${PREFIX}${namespace}`;
  const pool = new pg.Pool({ connectionString: withSearchPath(url, schema), max: POOL_SIZE });
  // Of a connection that breaks while nobody uses it: the pool has thrown it away, and opens another.
  pool.on('error', () => {});
  // Outside the pool, because strategies may use that up.
  const keeper = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  keeper.on('error', () => {});
  await keeper.connect().catch((error: unknown) => {
    throw new StoreError(`PostgreSQL does not answer: ${reasonOf(error)}. Is it up, and DATABASE_URL right?`);
  });
  let isOurs = false;
  return {
    connection: pool,
    layOut: async (layout) => {
      await dropLeftovers(keeper);
      isOurs = true;
      await layOut(keeper, schema, layout);
    },
    openSeats: () => openSeats(pool),
    close: async () => {
      await Promise.race([pool.end(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      // Not for long: should somebody still be at work in it, the next start will take it away.
      if (isOurs) await keeper.query(`SET lock_timeout = '500ms'; DROP SCHEMA ${schema} CASCADE`).catch(() => {});
      await keeper.end();
    },
  };
}

function withSearchPath(text: string, schema: string): string {
  // Of another scheme, pg would take the host to be localhost.
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    throw new StoreError('DATABASE_URL must be a URL: postgres://user:password@host:port/database');
  }
  const url = new URL(text);
  const options = url.searchParams.get('options');
  url.searchParams.set('options', `${options === null ? '' : `${options} `}-c search_path=${schema}`);
  return url.href;
}

/** Whoever has laid out a schema holds a lock of its name while it lives; a schema without one was left by a crash. */
async function dropLeftovers(keeper: pg.Client): Promise<void> {
  const { rows } = await keeper.query<{ name: string }>(
    'SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, $1)',
    [PREFIX],
  );
  for (const { name } of rows) {
    const { rows: tried } = await keeper.query('SELECT pg_try_advisory_lock(hashtext($1)) AS free', [name]);
    if (tried[0]?.free !== true) continue;
    await keeper.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(name)} CASCADE`);
    await keeper.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
  }
}

async function layOut(keeper: pg.Client, name: string, { schema, seatIds, capacity }: Layout): Promise<void> {
  await keeper.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
  await keeper.query(`
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
  await keeper.query(
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

/** A refused connection to a name with several addresses has its reasons within. */
function reasonOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : String(first);
}
