import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpServer, httpServer } from './http-server.ts';

/** A request as a shop sees it. */
export interface Request {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
  /** The second part of the path, decoded. */
  readonly name: string;
  /** The third part of the path. */
  readonly action: string;
  readonly query: URLSearchParams;
}

type Answer = readonly [status: number, body: object];

/** How a shop answers, by `METHOD /first-part-of-the-path`. */
export type Shop = Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>>;

/** Starts a shop. */
export const openShop = (shop: Shop): Promise<HttpServer> =>
  httpServer(async (request, response, text) => {
    const [status, body] = await answerOf(shop, request, text).catch(
      (error): Answer => [500, { message: String(error) }],
    );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

async function answerOf(shop: Shop, request: IncomingMessage, text: string): Promise<Answer> {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://shop');
  const [, first = '', name = '', action = ''] = pathname.split('/');
  const handler = shop[`${request.method} /${first}`];
  if (handler === undefined) return [404, { message: 'not found' }];
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return handler({ body, headers: request.headers, name: decodeURIComponent(name), action, query });
}

/** How long a wrong shop takes between checking and acting. */
const GAP_MS = 25;

/** A right shop checks and acts in one go; a wrong one lets others in between. */
export const pause = (isRight: boolean): Promise<void> | undefined => (isRight ? undefined : sleep(GAP_MS));

let orders = 0;
/** Makes an id that no other order has. */
export function newOrder(): string {
  orders += 1;
  return `order-${orders}`;
}
