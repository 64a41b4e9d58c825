import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  readonly url: string;
  readonly server: http.Server;
  /** Ends the server and all connections. May be called twice. */
  close(): Promise<void>;
}

/** Answers one request; `body` is the whole text that came with it. */
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => unknown;

/** An HTTP server on the loopback. `port` 0 is any free one. */
export async function httpServer(handle: Handler, port = 0): Promise<HttpServer> {
  const server = http.createServer((request, response) => {
    // A test may cut a request off while it is read.
    void read(request).then(
      (body) => handle(request, response, body),
      () => {},
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async close() {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
