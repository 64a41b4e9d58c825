import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type HttpServer, httpServer } from './http-server.ts';

/** One request to book. */
export interface Booking {
  readonly seat: string;
  /** Counts the requests for this seat: 1, 2, 3 … */
  readonly turn: number;
  /** Counts all requests. */
  readonly total: number;
  readonly path: string;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: Server;
  /** The ids of the orders that the server holds for each seat. */
  readonly stored: Map<string, string[]>;
  answer(status: number, body: object): void;
  /** Stores an order for this seat, and returns the order's id. */
  store(): string;
}

/** How a server answers a request to book. */
export type Temperament = (booking: Booking) => void | Promise<void>;

/** How a server answers when it is asked who owns a seat. */
export type Ledger = (question: {
  /** The ids of the orders that it holds for the seat. */
  readonly orders: readonly string[];
  /** Counts the questions about this seat since its first order was stored: 1, 2, 3 …; 0 before that. */
  readonly turn: number;
}) => readonly [status: number, body: unknown];

const honest: Ledger = ({ orders }) => [200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders }];

export interface BookingServer extends HttpServer {
  /** How many requests to book have come. */
  readonly requests: () => number;
}

/** A server with one temperament: `POST /book {"seat"}` books, and `GET /seats/{seat}` tells who owns the seat. */
export async function bookingServer(
  temperament: Temperament,
  port = 0,
  ledger: Ledger = honest,
): Promise<BookingServer> {
  const stored = new Map<string, string[]>();
  const turns = new Map<string, number>();
  const questions = new Map<string, number>();
  let total = 0;

  const server = await httpServer((request, response, text) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'GET') {
      const seat = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
      const orders = stored.get(seat) ?? [];
      if (orders.length > 0) count(questions, seat);
      return answer(...ledger({ orders, turn: questions.get(seat) ?? 0 }));
    }
    const { seat } = JSON.parse(text) as { seat: string };
    total += 1;
    return temperament({
      seat,
      turn: count(turns, seat),
      total,
      path: request.url ?? '',
      response,
      socket: request.socket,
      server: server.server,
      stored,
      answer,
      store() {
        const id = `${seat}-order-${(stored.get(seat)?.length ?? 0) + 1}`;
        stored.set(seat, [...(stored.get(seat) ?? []), id]);
        return id;
      },
    });
  }, port);
  return { ...server, requests: () => total };
}

function count(counts: Map<string, number>, key: string): number {
  const next = (counts.get(key) ?? 0) + 1;
  counts.set(key, next);
  return next;
}

/** Sells to the first buyer, and refuses everybody else with the given status. */
export const correct =
  (refusal = 409): Temperament =>
  ({ turn, answer, store }) =>
    turn === 1 ? answer(201, { order_id: store() }) : answer(refusal, { message: 'taken' });
