import cluster, { type Address, type Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from './command.ts';
import { type ServerOptions, storeSettings } from './server.ts';

/** The API while it runs, in one process or several. */
export interface Running {
  /** Such as `http://127.0.0.1:3000`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** How a worker is told what all processes behind the port share. */
const SHARED = 'REFERENCE_API_SHARED';

/** In a worker: the store that the first process has laid out, and the secret of the tokens. */
export function workerOptions(): Pick<ServerOptions, 'stores' | 'layOut' | 'tokenSecret'> {
  const shared = process.env[SHARED];
  return shared === undefined ? {} : { ...(JSON.parse(shared) as object), layOut: false };
}

/**
 * Lays out the store, and starts the workers behind one port. They end with this process.
 *
 * @throws Error where a worker does not start; it has said why
 */
export async function startWorkers({ offer, location, processes, server }: Command): Promise<Running> {
  const folder = location === ':memory:' ? mkdtempSync(join(tmpdir(), 'reference-api-')) : undefined;
  const removeFolder = () => folder !== undefined && rmSync(folder, { recursive: true, force: true });
  // However this process ends.
  process.once('exit', removeFolder);
  // What is in memory belongs to one process alone.
  const stores = storeSettings({ location: folder === undefined ? location : join(folder, 'seats.db') });
  const store = await offer.open(stores);
  await store.layOut({ seatIds: server.seats, capacity: server.capacity });

  // stdin is for the first process to watch.
  cluster.setupPrimary({ stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const shared = JSON.stringify({ stores, tokenSecret: randomUUID() });
  const workers = Array.from({ length: processes }, () => cluster.fork({ [SHARED]: shared }));
  const origins = await Promise.all(workers.map(originOf));
  return {
    origin: origins[0] ?? '',
    stop: async () => {
      const ends = workers.map((worker) => once(worker, 'exit'));
      for (const worker of workers) worker.process.kill('SIGKILL');
      await Promise.all(ends);
      await store.close();
    },
  };
}

async function originOf(worker: Worker): Promise<string> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  worker.once('exit', () => reject(new Error('a process behind the port did not start')));
  const [{ address, port }] = (await Promise.race([once(worker, 'listening'), ended])) as [Address];
  ended.catch(() => {});
  return `http://${address}:${port}`;
}
