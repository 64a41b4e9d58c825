import type { Pool, PoolClient } from 'pg';

/** How rows are locked: wait for whoever holds them, or fail at once, or pass over them. */
type RowLock = 'FOR UPDATE' | 'FOR UPDATE NOWAIT' | 'FOR UPDATE SKIP LOCKED';

/**
 * Locks the rows of seats until the transaction ends, and answers their status. In one order, by id, so that two orders of
 * the same seats cannot wait for each other.
 */
export async function lockSeats(
  db: Pick<Pool | PoolClient, 'query'>,
  seatIds: readonly string[],
  rowLock: RowLock = 'FOR UPDATE',
): Promise<readonly string[]> {
  const { rows } = await db.query<{ status: string }>(
    `SELECT status FROM seats WHERE seat_id = ANY ($1) ORDER BY seat_id ${rowLock}`,
    [seatIds],
  );
  return rows.map(({ status }) => status);
}

export async function markBooked(db: Pick<Pool | PoolClient, 'query'>, seatIds: readonly string[]): Promise<void> {
  await db.query("UPDATE seats SET status = 'booked' WHERE seat_id = ANY ($1)", [seatIds]);
}
