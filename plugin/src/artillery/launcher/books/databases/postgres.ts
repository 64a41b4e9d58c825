import { type Connection, loadDriver } from './driver.ts';

/** The parts of `pg` that are used. */
interface Pg {
  readonly Client: new (options: object) => Client;
}
interface Client {
  connect(): Promise<void>;
  query(query: string | object): Promise<{ readonly fields: { readonly name: string }[]; readonly rows: unknown[][] }>;
  on(event: 'error', listener: () => void): void;
  readonly connection?: { readonly stream?: { destroy(): void } };
}

/** Every value as the text that the server sends, so that no digit is lost. */
const types = { getTypeParser: () => (text: string) => text };

export async function connectPostgres(driver: string, url: string, timeoutMs: number): Promise<Connection> {
  const { Client } = await loadDriver<Pg>(driver);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, types });
  // Without a listener, a lost connection would end the process. The query under way fails as well.
  client.on('error', () => {});
  await client.connect();
  return {
    async query(text, parameters) {
      // The server gives up, too: what nobody waits for any more must not go on.
      await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.max(1, timeoutMs)}`);
      try {
        // The extended protocol takes a single statement.
        const values = parameters.map(String);
        const { fields, rows } = await client.query({ text, values, rowMode: 'array', queryMode: 'extended' });
        return { columns: fields.map(({ name }) => name), rows };
      } finally {
        await client.query('ROLLBACK');
      }
    },
    destroy: () => client.connection?.stream?.destroy(),
  };
}
