import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '../support/fixtures.ts';
import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one writes every booking that found the seat free, and tells only one person so. */
export const standIn: StandIn = {
  async open(isRight) {
    const file = path.join(temporaryFolder('bookings-'), 'shop.db');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE bookings (id TEXT, seat_id TEXT, status TEXT)');
    const told = new Set<string>();
    const shop = await openShop({
      'POST /bookings': async ({ body }) => {
        const seat = String(body.seat);
        if (database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?').get(seat)) return [409, { message: 'taken' }];
        await pause(isRight);
        const id = newOrder();
        database.prepare("INSERT INTO bookings VALUES (?, ?, 'paid')").run(id, seat);
        if (told.has(seat)) return [409, { message: 'taken' }];
        told.add(seat);
        return [201, { id }];
      },
    });
    const close = async () => {
      await shop.close();
      if (database.isOpen) database.close();
    };
    return { ...shop, close, env: { DATABASE_URL: `sqlite://${file}` } };
  },
  finding: 'double-booking',
  says: /seat A\d/,
};
