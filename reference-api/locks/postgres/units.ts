import type { PoolClient } from 'pg';

/** How many units of a pool are left. */
export async function unitsLeft(client: PoolClient, seatId: string): Promise<number> {
  const { rows } = await client.query<{ left: number }>(
    `SELECT capacity - (SELECT count(*) FROM bookings WHERE bookings.seat_id = seats.seat_id)::integer AS left
     FROM seats WHERE seat_id = $1`,
    [seatId],
  );
  return rows[0]?.left ?? 0;
}
