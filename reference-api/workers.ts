import cluster, { type Address, type Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from './command.ts';
import { type ServerOptions, storeSettings } from './server.ts';

/** The running API, in one or more processes. */
export interface Running {
  /** Such as `http://127.0.0.1:3000`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** The environment variable that tells a worker what all processes behind the port share. */
const SHARED = 'REFERENCE_API_SHARED';

/** In a worker: the store that the first process has set up, and the secret of the tokens. Elsewhere: nothing. */
export function workerOptions(): Pick<ServerOptions, 'stores' | 'setUp' | 'tokenSecret'> {
  const shared = process.env[SHARED];
  return shared === undefined ? {} : { ...(JSON.parse(shared) as object), setUp: false };
}

/**
 * Sets up the store and starts the workers behind one port. They end with this process.
 *
 * @throws Error when a worker does not start; the worker prints the reason
 */
export async function startWorkers({ backend, sqliteFile, processes, server }: Command): Promise<Running> {
  const folder = sqliteFile === ':memory:' ? mkdtempSync(join(tmpdir(), 'reference-api-')) : undefined;
  const removeFolder = () => folder !== undefined && rmSync(folder, { recursive: true, force: true });
  // Runs no matter how this process ends.
  process.once('exit', removeFolder);
  // Processes cannot share a database in memory, so they get a file.
  const stores = storeSettings({ sqliteFile: folder === undefined ? sqliteFile : join(folder, 'seats.db') });
  const store = await backend.open(stores);
  await store.setUp({ seatIds: server.seats, capacity: server.capacity });

  // Only the first process watches stdin.
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
