// node bench/target/main.ts [HOST]
//
// The server that the benches race against. It sells each seat to the first who asks (201) and refuses the others (409).
//
//   POST /book/{seat}     books
//   PUT  /window/{us}     sets the window between check and act, in microseconds
//   GET  /outcome/{run}   how often the seat of each round was sold, and how long the windows really were
//
// It speaks HTTP/1.1 on one port and HTTP/2 without TLS on another, and prints both ports as one line of JSON. It exits when
// stdin ends, so it never outlives the process that started it.

import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { roundIn } from '../capture/release.ts';
import { MAX_CONCURRENT_STREAMS, type Outcome } from './index.ts';
import { createWaits } from './waits.ts';

const [host = '127.0.0.1'] = process.argv.slice(2);
/** Enough for a thousand contenders that connect at once. */
const BACKLOG = 4096;

type Request = IncomingMessage | Http2ServerRequest;
/** What the two responses have in common. */
type Response = Pick<ServerResponse | Http2ServerResponse, 'setHeader'> & {
  statusCode: number;
  end(text: string): unknown;
};

const waits = await createWaits();
const sold = new Map<string, number>();

function serve(request: Request, response: Response): void {
  const [, action, parameter = ''] = (request.url ?? '').split('/');
  request.resume();
  request.on('end', () => {
    if (action === 'book') book(parameter, response);
    else if (action === 'window') {
      waits.setWindow(Number(parameter));
      answer(response, 200, {});
    } else if (action === 'outcome') answer(response, 200, outcomeOf(Number(parameter)));
    else answer(response, 404, {});
  });
}

/** Checks, then acts: the bug that the race should find. With a window of 0, check and act are one step. */
function book(seat: string, response: Response): void {
  const isFree = !sold.has(seat);
  waits.wait(() => {
    if (!isFree) return answer(response, 409, { message: 'taken' });
    const orders = (sold.get(seat) ?? 0) + 1;
    sold.set(seat, orders);
    answer(response, 201, { order_id: `${seat}-${orders}` });
  });
}

function outcomeOf(run: number): Outcome {
  const winners = [...sold].flatMap(([seat, orders]) => {
    const round = roundIn(seat, run);
    return round === undefined ? [] : [[round, orders] as const];
  });
  return { winners: Object.fromEntries(winners), windowsUs: waits.measuredUs };
}

function answer(response: Response, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host, backlog: BACKLOG });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ports = {
  http1: await listen(http.createServer({ keepAliveTimeout: 60_000 }, serve)),
  http2: await listen(http2.createServer({ settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS } }, serve)),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit(0));
