import { createClient, type RedisClientType } from '@redis/client';

/** A connection to the Redis where the machines of a run meet. */
export type Redis = Pick<
  RedisClientType,
  'destroy' | 'eval' | 'expire' | 'get' | 'hGetAll' | 'mGet' | 'sendCommand' | 'set' | 'xAdd' | 'xRange' | 'xRead'
>;

/** Everything about a run is forgotten after a day. */
export const KEPT_S = 86_400;

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
    once: (name: string) => key(`once:${name}`),
  };
};

/** Connects, signs in, and waits for the first answer. The client connects again by itself. */
export async function connect(url: string): Promise<Redis> {
  const client: RedisClientType = createClient({
    url,
    socket: { reconnectStrategy: (tries) => Math.min(25 * 2 ** tries, MAX_RECONNECT_MS) },
  });
  let firstError: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    firstError = reject;
  });
  // Without a listener, a lost connection would end the process.
  client.on('error', (error: Error) => firstError(error));
  try {
    await Promise.race([client.connect().then(() => client.ping()), failed]);
  } catch (error) {
    client.destroy();
    throw error;
  }
  return client as unknown as Redis;
}

/** The time of the server, in milliseconds. */
export async function timeOf(redis: Redis): Promise<number> {
  const [seconds, micros] = (await redis.sendCommand(['TIME'])) as unknown as [string, string];
  return Number(seconds) * 1000 + Number(micros) / 1000;
}
