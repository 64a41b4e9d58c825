import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as a shop sees it. */
export interface Request {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
  /** The last part of the path, decoded. */
  readonly name: string;
  readonly query: URLSearchParams;
}

type Answer = readonly [status: number, body: object];

/** How a shop answers, by `METHOD /first-part-of-the-path`. */
export type Shop = Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>>;

/** A shop that listens. */
export async function openShop(shop: Shop): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    void serve(shop, request)
      .catch((error): Answer => [500, { message: String(error) }])
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(shop: Shop, request: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://shop');
  const [, first = '', name = ''] = pathname.split('/');
  const handler = shop[`${request.method} /${first}`];
  if (handler === undefined) return [404, { message: 'no such thing' }];
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return handler({ body, headers: request.headers, name: decodeURIComponent(name), query });
}

/** How long a wrong shop takes between its check and its act. */
const GAP_MS = 25;

/** A right shop checks and acts at once; a wrong one lets others in between. */
export const pause = (isRight: boolean): Promise<void> | undefined => (isRight ? undefined : sleep(GAP_MS));

let orders = 0;
/** An id that no other order has. */
export function newOrder(): string {
  orders += 1;
  return `order-${orders}`;
}
