import type { Queryable } from './transaction.ts';

/** What a SELECT does with a row that is already locked: wait, fail at once, or leave the row out. */
type RowLock = 'FOR UPDATE' | 'FOR UPDATE NOWAIT' | 'FOR UPDATE SKIP LOCKED';

/**
 * Locks the rows of seats until the transaction ends and returns their statuses. Sorted by id, so that two orders of the
 * same seats cannot deadlock.
 */
export async function lockSeats(
  db: Queryable,
  seatIds: readonly string[],
  rowLock: RowLock = 'FOR UPDATE',
): Promise<readonly string[]> {
  const { rows } = await db.query<{ status: string }>(
    `SELECT status FROM seats WHERE seat_id = ANY ($1) ORDER BY seat_id ${rowLock}`,
    [seatIds],
  );
  return rows.map(({ status }) => status);
}

export async function markBooked(db: Queryable, seatIds: readonly string[]): Promise<void> {
  await db.query("UPDATE seats SET status = 'booked' WHERE seat_id = ANY ($1)", [seatIds]);
}
