import { createClient, type RedisClientType } from '@redis/client';

/** A connection to the Redis where the machines of a run meet. */
export type Redis = Pick<
  RedisClientType,
  'destroy' | 'eval' | 'get' | 'mGet' | 'sendCommand' | 'set' | 'xRange' | 'xRead'
>;

/** Everything about a run is forgotten after a day. */
export const KEPT_S = 86_400;

/** Connecting, signing in and the first answer take at most this long together. */
const CONNECT_MS = 10_000;
/** The longest pause before the client connects again. */
const MAX_RECONNECT_MS = 500;

/** All keys of a run have one hash tag, so that a cluster keeps them together. */
export const keysOf = (run: string) => {
  const key = (name: string) => `race:{${run}}:${name}`;
  return {
    machines: key('machines'),
    plan: key('plan'),
    alive: (machine: number) => key(`alive:${machine}`),
    moves: key('moves'),
    departures: key('departures'),
    history: key('history'),
    verdict: key('verdict'),
    inventories: key('inventories'),
    once: (name: string) => key(`once:${name}`),
  };
};

/**
 * Connects, signs in, and waits for the first answer, in {@link CONNECT_MS} together. The client connects again by itself.
 *
 * @throws Error with one sentence for the user, without the password
 */
export async function connect(url: string): Promise<Redis> {
  const client: RedisClientType = createClient({
    url,
    socket: { reconnectStrategy: (tries) => Math.min(25 * 2 ** tries, MAX_RECONNECT_MS) },
  });
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    // Without a listener, a lost connection would end the process.
    client.on('error', reject);
    timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  });
  try {
    await Promise.race([client.connect().then(() => checkVersion(client)), failed]);
  } catch (error) {
    client.destroy();
    const { hostname, port } = new URL(url);
    const why = error instanceof TooOld ? error.message : `cannot be used: ${reasonOf(error)}`;
    throw new Error(`Redis at ${hostname}:${port || 6379} ${why}`);
  } finally {
    clearTimeout(timer);
  }
  return client as unknown as Redis;
}

class TooOld extends Error {}

/**
 * Older ones know neither NOMKSTREAM nor open ranges of a stream, which would come up in the middle of a race. Valkey says
 * with which Redis it agrees. Where INFO is not allowed, nobody knows.
 */
async function checkVersion(client: Pick<RedisClientType, 'ping' | 'sendCommand'>): Promise<void> {
  await client.ping();
  const info = await client.sendCommand(['INFO', 'server']).catch(() => '');
  const [, version = '', major, minor] = /^redis_version:((\d+)\.(\d+)\S*)/m.exec(`${info}`) ?? [];
  if (Number(major) < 6 || (Number(major) === 6 && Number(minor) < 2))
    throw new TooOld(`is version ${version}: machines meet in Redis 6.2 or newer, or in Valkey`);
}

/** The time of the server, in milliseconds. */
export async function timeOf(redis: Redis): Promise<number> {
  const [seconds, micros] = (await redis.sendCommand(['TIME'])) as unknown as [string, string];
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

/** Node puts the errors of several addresses into one error without a message. */
const reasonOf = (error: unknown): string => {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return (first as Error).message;
};
