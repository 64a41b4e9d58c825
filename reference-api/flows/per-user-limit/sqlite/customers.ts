import type { DatabaseSync } from 'node:sqlite';
import type { Customer } from '../per-user-limit.ts';

/** Reads a customer and their seats. */
export function customerReader(database: DatabaseSync): (customerId: string) => Customer | undefined {
  const find = database.prepare('SELECT seat_limit FROM customers WHERE customer_id = ?');
  const list = database.prepare('SELECT order_id FROM reservations WHERE customer_id = ?');

  return (customerId) => {
    const row = find.get(customerId);
    if (row === undefined) return undefined;
    const orderIds = list.all(customerId).map((reservation) => String(reservation.order_id));
    return {
      customer_id: customerId,
      seat_limit: Number(row.seat_limit),
      seats: orderIds.length,
      order_ids: orderIds,
    };
  };
}

export const isAtLimit = (customer: Customer | undefined): boolean =>
  customer === undefined || customer.seats >= customer.seat_limit;
