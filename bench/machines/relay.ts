// node bench/machines/relay.ts HOST REDIS_PORT DELAYS
//
// A Redis that is far away: passes bytes on late, in their order. DELAYS are milliseconds each way, such as 5,10,1. Prints a
// port for each of them as one line of JSON. Not every kernel has `tc netem`, and this delays nothing but Redis. It exits
// when stdin ends.

import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

const [host = '', redisPort, delays = ''] = process.argv.slice(2);

/** Timers end on whole milliseconds or later, so what comes later may not overtake. */
function late(from: net.Socket, to: net.Socket, delayMs: number): void {
  const queue: { readonly atMs: number; readonly data: Buffer }[] = [];
  const pass = () => {
    while (queue[0] !== undefined && queue[0].atMs <= performance.now()) to.write(queue.shift()?.data ?? '');
    const [next] = queue;
    if (next !== undefined) setTimeout(pass, Math.max(0, next.atMs - performance.now()));
  };
  from.on('data', (data) => {
    queue.push({ atMs: performance.now() + delayMs, data });
    if (queue.length === 1) setTimeout(pass, delayMs);
  });
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

const ports = await Promise.all(
  delays.split(',').map(async (delay) => {
    const server = net.createServer({ noDelay: true }, (near) => {
      const far = net.connect({ host, port: Number(redisPort), noDelay: true });
      late(near, far, Number(delay));
      late(far, near, Number(delay));
    });
    server.listen(0, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }),
);
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit(0));
