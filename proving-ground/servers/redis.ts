import { createClient } from '@redis/client';
import { findProgram } from '../../bench/find-program.ts';
import { freePort, newPassword, type OwnServer, startServer, temporaryFolder } from './process.ts';

/**
 * Starts a new Redis server, from the binary on this machine.
 *
 * @param at the URL of one that has ended, to start an empty one in its place
 * @throws Error when there is no binary, or the server does not start
 */
export async function startRedis(at?: string): Promise<OwnServer> {
  const command = findProgram('redis-server') ?? findProgram('valkey-server');
  if (command === undefined) {
    throw new Error('no REDIS_URL, and no redis-server on this machine (Debian: apt-get install redis-server)');
  }
  const folder = temporaryFolder('race-redis');
  const url = at ?? `redis://:${newPassword()}@127.0.0.1:${await freePort()}`;
  const { port, password } = new URL(url);
  const input = ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'save ""', 'appendonly no'].join('\n');
  const stop = await startServer({ command, args: ['-'], input, folder, stopSignal: 'SIGTERM' }, () => ping(url));
  return { url, stop };
}

async function ping(url: string): Promise<void> {
  const redis = createClient({ url, socket: { reconnectStrategy: false } });
  redis.on('error', () => {});
  await redis.connect();
  redis.destroy();
}
