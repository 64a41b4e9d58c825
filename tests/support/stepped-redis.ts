import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A Redis whose clock can be set. */
export interface SteppedRedis {
  readonly url: string;
  /** Sets the clock forward, or back if it is negative. */
  step(ms: number): void;
  close(): Promise<void>;
}

/** The answer to TIME: seconds and microseconds. */
const TIME = /(?<=\*2\r\n\$10\r\n)(\d{10})(?=\r\n\$\d{1,6}\r\n\d{1,6}\r\n)/g;

/** Stands before a Redis, and changes only what it says of the time: nobody may set the clock of the computer for a test. */
export async function steppedRedis(url: string): Promise<SteppedRedis> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<net.Socket>();
  let seconds = 0;
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname).setNoDelay(true);
    for (const socket of [near.setNoDelay(true), far]) {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    }
    near.pipe(far);
    far.on('data', (data) => {
      const text = data.toString('latin1').replaceAll(TIME, (said) => `${Number(said) + seconds}`);
      near.write(text, 'latin1');
    });
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.port = `${(server.address() as AddressInfo).port}`;
  return {
    url: own.href,
    step(ms) {
      seconds += ms / 1000;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
