import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request to book, as a temperament sees it. */
export interface Booking {
  readonly seat: string;
  /** Which request for this seat it is: 1, 2, 3 … */
  readonly turn: number;
  /** Which request of all it is. */
  readonly total: number;
  readonly path: string;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: http.Server;
  /** The orders that the server holds for each seat. */
  readonly stored: Map<string, string[]>;
  answer(status: number, body: object): void;
  /** Stores an order for this seat, and gives its id. */
  store(): string;
}

/** How a server answers a request to book. */
export type Temperament = (booking: Booking) => void | Promise<void>;

/** How a server answers when it is asked who owns a seat: a status and a body. */
export type Ledger = (asked: {
  /** The orders that it holds for the seat. */
  readonly orders: readonly string[];
  /** Which time it is asked since it has stored the first one: 1, 2, 3 …; 0 before that. */
  readonly turn: number;
}) => readonly [status: number, body: unknown];

const honest: Ledger = ({ orders }) => [200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders }];

export interface BookingServer {
  readonly url: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

/**
 * A server with one temperament: `POST /book {"seat"}`, and `GET /seats/{seat}` for the read-back, which tells what is
 * stored.
 */
export async function bookingServer(
  temperament: Temperament,
  port = 0,
  ledger: Ledger = honest,
): Promise<BookingServer> {
  const stored = new Map<string, string[]>();
  const turns = new Map<string, number>();
  const asked = new Map<string, number>();
  let total = 0;
  // A request may be cut off while it is read: that is the test's doing.
  const server = http.createServer((request, response) => void serve(request, response).catch(() => {}));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'GET') {
      const seat = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
      const orders = stored.get(seat) ?? [];
      if (orders.length > 0) asked.set(seat, (asked.get(seat) ?? 0) + 1);
      return answer(...ledger({ orders, turn: asked.get(seat) ?? 0 }));
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    const { seat } = JSON.parse(text) as { seat: string };
    const turn = (turns.get(seat) ?? 0) + 1;
    turns.set(seat, turn);
    total += 1;
    await temperament({
      seat,
      turn,
      total,
      path: request.url ?? '',
      response,
      socket: request.socket,
      server,
      stored,
      answer,
      store() {
        const id = `${seat}-order-${(stored.get(seat)?.length ?? 0) + 1}`;
        stored.set(seat, [...(stored.get(seat) ?? []), id]);
        return id;
      },
    });
  }

  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => total,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The first to come gets it, and everybody else is refused with the given status. */
export const correct =
  (refusal = 409): Temperament =>
  ({ turn, answer, store }) =>
    turn === 1 ? answer(201, { order_id: store() }) : answer(refusal, { message: 'taken' });
