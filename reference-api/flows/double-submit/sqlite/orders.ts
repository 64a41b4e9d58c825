import type { DatabaseSync } from 'node:sqlite';

/** Shared by the strategies: find a key, insert and list orders. */
export function statements(database: DatabaseSync) {
  const find = database.prepare('SELECT request, order_id FROM idempotency_keys WHERE idempotency_key = ?');
  const insert = database.prepare('INSERT INTO orders (order_id, cart_id) VALUES (?, ?)');
  const list = database.prepare('SELECT order_id FROM orders WHERE cart_id = ? ORDER BY rowid');
  return {
    known: (key: string) => {
      const row = find.get(key);
      return row === undefined ? undefined : { request: String(row.request), orderId: String(row.order_id) };
    },
    insertOrder: (orderId: string, cartId: string) => void insert.run(orderId, cartId),
    ordersOf: async (cartId: string) => list.all(cartId).map((row) => String(row.order_id)),
  };
}
