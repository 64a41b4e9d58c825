import { httpServer } from './http-server.ts';
import { newOrder } from './shop.ts';

/** A database that a shop writes to. `?` in a statement is a parameter. */
export interface ShopDatabase {
  readonly url: string;
  execute(sql: string, parameters?: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * A shop that keeps its bookings in a table. It tells one buyer of each seat "yes". A wrong one first writes the booking, and
 * then decides: those who are refused have a row, too.
 */
export async function openSqlShop(database: ShopDatabase, isRight: boolean) {
  const winners = new Set<string>();
  await database.execute(
    'CREATE TABLE bookings (id VARCHAR(40), seat_id VARCHAR(40), customer VARCHAR(40), status VARCHAR(20))',
  );
  const server = await httpServer(async (_request, response, text) => {
    const { seat, customer } = JSON.parse(text) as { readonly seat: string; readonly customer: string };
    const hasWon = !winners.has(seat);
    winners.add(seat);
    const id = newOrder();
    if (hasWon || !isRight)
      await database.execute("INSERT INTO bookings VALUES (?, ?, ?, 'paid')", [id, seat, customer]);
    response
      .writeHead(hasWon ? 201 : 409, { 'content-type': 'application/json' })
      .end(JSON.stringify(hasWon ? { order_id: id } : { message: 'taken' }));
  });
  return {
    ...server,
    env: { DATABASE_URL: database.url },
    async close() {
      await server.close();
      await database.close();
    },
  };
}
