// node bench/peers/target/node.ts DATABASE-PORT
//
// The target in Node: POST /book/{seat} asks the database whether the seat is free, and then sells it. It speaks HTTP/1.1 on
// one port and HTTP/2 without TLS on another, prints both as a line of JSON, and exits when stdin ends.

import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { MAX_CONCURRENT_STREAMS } from '../../target/index.ts';
import { connectDatabase } from './client.ts';

/** Enough for a thousand contenders that connect at once. */
const BACKLOG = 4096;
const SEAT = /^\/book\/([\w-]+)$/;

const database = await connectDatabase(Number(process.argv[2]));

function serve(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
  const seat = SEAT.exec(request.url ?? '')?.[1];
  request.resume();
  request.on('end', async () => {
    if (seat === undefined) return answer(response, 404, { message: 'not found' });
    const word = await database.ask(`ask ${seat}`);
    if (word === 'free') await database.ask(`sell ${seat}`);
    if (word === 'taken') answer(response, 409, { message: 'taken' });
    else answer(response, 201, { order_id: seat });
  });
}

function answer(response: ServerResponse | Http2ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', text.length);
  // The two kinds of response have no common type of `end`.
  (response as ServerResponse).end(text);
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ports = {
  http1: await listen(http.createServer({ keepAliveTimeout: 60_000 }, serve)),
  http2: await listen(http2.createServer({ settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS } }, serve)),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit(0));
