import type { Pool, PoolClient } from 'pg';
import type { BookingResult } from '../lock.ts';

type Isolation = 'READ COMMITTED' | 'SERIALIZABLE';

/** Commits what was booked, and rolls back what was refused; the connection goes back to the pool either way. */
export async function transaction(
  pool: Pool,
  run: (client: PoolClient) => Promise<BookingResult>,
  isolation: Isolation = 'READ COMMITTED',
): Promise<BookingResult> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await run(client);
    await client.query(result === 'booked' ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Writes the seats of an order into `bookings`, all in one statement. */
export const INSERT_BOOKINGS = 'INSERT INTO bookings (order_id, seat_id) SELECT $1, unnest($2::text[])';
