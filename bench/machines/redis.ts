import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodeOf, firstLineOf, killOnExit } from '../processes.ts';
import type { Ground } from './ground.ts';

/** How far each machine is from Redis. */
export type Way = 'near' | 'far';

/** The Redis where the machines meet. */
export interface BenchRedis {
  readonly version: string;
  urlOf(machine: number, way: Way): string;
  stop(): Promise<void>;
}

/** Milliseconds each way, by machine. They differ, so that a message reaches the machines one after the other. */
export const FAR_MS = [1, 5, 10, 2, 20] as const;
const START_MS = 10_000;

/** @throws Error where there is no Redis on this machine, or it does not start */
export async function startBenchRedis({ host, listening: { within } }: Ground): Promise<BenchRedis> {
  const port = await freePort();
  const options = ['--bind', host, '--port', `${port}`, '--save', '', '--appendonly', 'no', '--protected-mode', 'no'];
  const server = run([...within, 'redis-server', ...options]);
  let output = '';
  server.stdout.on('data', (data) => {
    output += data;
  });
  const exited = exitCodeOf(server);
  for (const endMs = performance.now() + START_MS; !output.includes('Ready to accept connections'); await sleep(20)) {
    if (server.exitCode !== null || performance.now() > endMs)
      throw new Error(`redis-server does not start (Debian: apt-get install redis-server). ${output.trim()}`);
  }
  const relay = run([
    ...[...within, process.execPath, path.join(import.meta.dirname, 'relay.ts')],
    ...[host, `${port}`, FAR_MS.join(',')],
  ]);
  const relayPorts = (await firstLineOf(relay, 'the relay')) as readonly number[];
  return {
    version: /version=([\d.]+)/.exec(output)?.[1] ?? 'unknown',
    urlOf: (machine, way) => `redis://${host}:${way === 'near' ? port : relayPorts[(machine - 1) % FAR_MS.length]}`,
    async stop() {
      relay.stdin.end();
      server.kill('SIGTERM');
      await exited;
    },
  };
}

const run = ([command = '', ...args]: readonly string[]) =>
  killOnExit(spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] }));

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
