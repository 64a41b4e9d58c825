import pg from 'pg';
import { startPostgres } from '../../proving-ground/servers/postgres.ts';
import { openSqlShop } from '../support/sql-shop.ts';
import type { StandIn } from '../support/stand-in.ts';

export const standIn: StandIn = {
  async open(isRight) {
    const server = await startPostgres();
    const pool = new pg.Pool({ connectionString: server.url });
    // `pool.end` does not wait for its connections, and the server ends those that are left.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    return openSqlShop(
      {
        url: server.url,
        execute(sql, parameters = []) {
          let number = 0;
          return pool.query(
            sql.replaceAll('?', () => `$${++number}`),
            [...parameters],
          );
        },
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
