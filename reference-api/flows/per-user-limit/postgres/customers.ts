import type { Queryable } from '../../../locks/postgres/transaction.ts';
import type { Customer, Reservation } from '../per-user-limit.ts';

/** Reads a customer and their seats. */
export async function readCustomer(db: Queryable, customerId: string): Promise<Customer | undefined> {
  const { rows } = await db.query<Customer>(
    `SELECT customer_id, seat_limit, count(seat_id)::integer AS seats, array_remove(array_agg(order_id), NULL) AS order_ids
     FROM customers LEFT JOIN reservations USING (customer_id)
     WHERE customer_id = $1 GROUP BY customer_id, seat_limit`,
    [customerId],
  );
  return rows[0];
}

export async function isAtLimit(db: Queryable, customerId: string): Promise<boolean> {
  const customer = await readCustomer(db, customerId);
  return customer === undefined || customer.seats >= customer.seat_limit;
}

export async function takeSeat(
  db: Queryable,
  { orderId, customerId, seatId }: Reservation,
): Promise<'booked' | 'taken'> {
  const { rowCount } = await db.query(
    'INSERT INTO reservations (order_id, customer_id, seat_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [orderId, customerId, seatId],
  );
  return rowCount === 0 ? 'taken' : 'booked';
}
