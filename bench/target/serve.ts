import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { MAX_CONCURRENT_STREAMS } from './index.ts';

export type Request = IncomingMessage | Http2ServerRequest;
/** What the two responses have in common. */
export type Response = Pick<ServerResponse | Http2ServerResponse, 'setHeader'> & {
  statusCode: number;
  end(text: string): unknown;
};

/** Enough for a thousand contenders that connect at once. */
const BACKLOG = 4096;

/**
 * Serves HTTP/1.1 on one port and HTTP/2 without TLS on another, and prints both as one line of JSON. The process exits when
 * stdin ends, so it never outlives the process that started it.
 */
export async function serveOnBothPorts(
  serve: (request: Request, response: Response) => void,
  host: string,
): Promise<void> {
  const ports = {
    http1: await listen(http.createServer({ keepAliveTimeout: 60_000 }, serve), host),
    http2: await listen(
      http2.createServer({ settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS } }, serve),
      host,
    ),
  };
  process.stdout.write(`${JSON.stringify(ports)}\n`);
  process.stdin.resume().on('end', () => process.exit(0));
}

async function listen(server: Server, host: string): Promise<number> {
  server.listen({ port: 0, host, backlog: BACKLOG });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export function answer(response: Response, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}
