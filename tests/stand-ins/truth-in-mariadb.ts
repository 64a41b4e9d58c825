import { createPool } from 'mysql2/promise';
import { startMariaDb } from '../support/mariadb.ts';
import { openSqlShop } from '../support/sql-shop.ts';
import type { StandIn } from '../support/stand-in.ts';

export const standIn: StandIn = {
  async open(isRight) {
    const server = await startMariaDb();
    const pool = createPool(server.url);
    return openSqlShop(
      {
        url: server.url,
        execute: (sql, parameters = []) => pool.query(sql, [...parameters]),
        async close() {
          await pool.end();
          await server.stop();
        },
      },
      isRight,
    );
  },
  finding: 'double-booking',
  says: /seat A1/,
};
