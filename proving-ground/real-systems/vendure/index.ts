import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { installOnDemand } from '../../on-demand.ts';
import { runAndTell } from '../../progress.ts';
import { freePort, startServer, temporaryFolder } from '../../servers/process.ts';
import type { Lock, RealSystem, RunningSystem } from '../system.ts';

const VERSION = '3.7.3';
const SEATS = ['S-1', 'S-2', 'S-3', 'S-4', 'S-5', 'S-6'];
const SERVER = path.join(import.meta.dirname, 'server.mjs');

/** Vendure, a shop in Node with a GraphQL API. It has no lock on the stock; the right one is added by its own extension points. */
export const vendure: RealSystem = {
  name: 'vendure',
  version: VERSION,
  suite: path.join(import.meta.dirname, 'stock.race.yml'),
  seats: SEATS,
  missing: async () => undefined, // npm is there, or nothing of this would run
  install: async () => {
    await installed();
  },
  fill,
  start,
  soldSql: `
    SELECT v.sku AS seat, sum(l.quantity)::int AS sold
    FROM order_line l
    JOIN "order" o ON o.id = l."orderId"
    JOIN product_variant v ON v.id = l."productVariantId"
    WHERE o.state = 'PaymentSettled'
    GROUP BY v.sku`,
};

/** @returns the folder with the node_modules of Vendure */
async function installed(): Promise<string> {
  const folder = await installOnDemand('@vendure/core', VERSION, { beside: ['pg@8.23.1'] });
  return path.resolve(folder, '../../..');
}

async function fill(database: string): Promise<Readonly<Record<string, string>>> {
  const env = environmentOf(database, await freePort());
  await runAndTell(process.execPath, [SERVER, await installed(), 'fill', ...SEATS], { cwd: import.meta.dirname, env });
  return {};
}

async function start(lock: Lock, database: string): Promise<RunningSystem> {
  const port = await freePort();
  const target = `http://127.0.0.1:${port}`;
  const stop = await startServer(
    {
      command: process.execPath,
      args: [SERVER, await installed(), lock],
      env: environmentOf(database, port),
      folder: temporaryFolder('race-vendure'),
      stopSignal: 'SIGTERM',
      startTimeoutMs: 180_000,
    },
    () => fetch(`${target}/health`),
  );
  return { target, stop };
}

const environmentOf = (database: string, port: number): Readonly<Record<string, string>> => ({
  DATABASE_URL: database,
  PORT: String(port),
  SUPERADMIN_PASSWORD: randomBytes(16).toString('hex'),
  VENDURE_DISABLE_TELEMETRY: 'true',
});
