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
    await Promise.race([client.connect().then(() => client.ping()), failed]);
  } catch (error) {
    client.destroy();
    const { hostname, port } = new URL(url);
    throw new Error(`Redis at ${hostname}:${port || 6379} cannot be used: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
  return client as unknown as Redis;
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
