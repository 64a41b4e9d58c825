import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { answer, completeRequests } from './raw-server.ts';

export interface BlockingServer {
  readonly url: string;
  /** The request lines, in the order in which the requests were served. */
  readonly served: readonly string[];
  close(): Promise<void>;
}

/**
 * A server whose workers each serve one connection at a time, as gunicorn's sync workers, `php -S` and Puma without its queue
 * do. Other connections wait, unread, and whoever holds one without sending a request keeps a worker from all others.
 *
 * @param keepsAlive whether a worker waits on its connection for the next request, until the client closes it
 */
export async function blockingServer(
  workers: number,
  serve: (line: string, body: string) => { readonly status: number; readonly body: unknown },
  { keepsAlive = false } = {},
): Promise<BlockingServer> {
  const sockets = new Set<Socket>();
  const queue: Socket[] = [];
  const served: string[] = [];
  let idle = workers;

  const work = (): void => {
    const socket = idle > 0 ? queue.shift() : undefined;
    if (socket === undefined) return;
    idle -= 1;
    socket.once('close', () => {
      idle += 1;
      work();
    });
    if (socket.destroyed) socket.emit('close');
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (completeRequests(received) === 0) return;
      const [line = ''] = received.split('\r\n', 1);
      served.push(line);
      const { status, body } = serve(line, received.split('\r\n\r\n')[1] ?? '');
      if (keepsAlive && !/^connection: close/im.test(received)) socket.write(answer(status, body));
      else socket.end(answer(status, body).replace('\r\n', '\r\nConnection: close\r\n'), () => socket.destroy());
      received = '';
    });
    socket.resume();
  };

  const server = net.createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    queue.push(socket);
    work();
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 511 });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
