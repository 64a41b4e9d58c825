import { type Connection, loadDriver } from './driver.ts';

/** The parts of `mysql2/promise` that are used. */
interface Mysql {
  createConnection(options: object): Promise<MysqlConnection>;
}
interface MysqlConnection {
  query(sql: string): Promise<[unknown[][], unknown]>;
  execute(sql: string, values: readonly string[]): Promise<[unknown, readonly { readonly name: string }[] | undefined]>;
  on(event: 'error', listener: () => void): void;
  destroy(): void;
}

/** For MySQL and MariaDB. */
export async function connectMysql(driver: string, url: string, timeoutMs: number): Promise<Connection> {
  const { createConnection } = await loadDriver<Mysql>(driver);
  const connection = await createConnection({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectTimeout: timeoutMs,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
  connection.on('error', () => {});
  const [[version]] = await connection.query('SELECT VERSION()');
  const isMariaDb = /mariadb/i.test(String(version?.[0]));
  // The server gives up, too: what nobody waits for any more must not go on.
  await connection.query(
    isMariaDb
      ? `SET SESSION max_statement_time = ${timeoutMs / 1000}`
      : `SET SESSION max_execution_time = ${timeoutMs}`,
  );
  return {
    async query(text, parameters) {
      await connection.query('START TRANSACTION READ ONLY');
      try {
        // A prepared statement is a single one.
        const [rows, fields = []] = await connection.execute(text, parameters.map(String));
        return { columns: fields.map(({ name }) => name), rows: Array.isArray(rows) ? (rows as unknown[][]) : [] };
      } finally {
        await connection.query('ROLLBACK');
      }
    },
    destroy: () => connection.destroy(),
  };
}
