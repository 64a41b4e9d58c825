import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

/** One connection, as the server sees it. */
export interface Wire {
  readonly socket: Socket;
  /** Everything that has come so far. */
  received: string;
}

export interface RawServer {
  readonly port: number;
  readonly wires: readonly Wire[];
  close(): Promise<void>;
}

/** A server of plain bytes, which can do what no HTTP library does. `heard` is called whenever more bytes have come. */
export async function rawServer(
  heard: (wire: Wire) => void,
  greeted: (wire: Wire) => void = () => {},
): Promise<RawServer> {
  const wires: Wire[] = [];
  const server = net.createServer((socket) => {
    const wire: Wire = { socket, received: '' };
    wires.push(wire);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      wire.received += data.toString('latin1');
      heard(wire);
    });
    greeted(wire);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    wires,
    async close() {
      for (const { socket } of wires) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A whole answer with the given status and JSON body. */
export function answer(status: number, body: unknown): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** The number of requests that are complete in what was received (each with a Content-Length, or bodiless). */
export function completeRequests(received: string): number {
  let rest = received;
  for (let count = 0; ; count++) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return count;
    const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, end))?.[1] ?? 0);
    if (rest.length < end + 4 + length) return count;
    rest = rest.slice(end + 4 + length);
  }
}
