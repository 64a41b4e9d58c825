import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { createGate, type Exchange } from '../../plugin/src/gate/index.ts';
import { type Answer, sendWhole } from '../support/engine.ts';
import { cut } from '../support/http2-frames.ts';
import { fuzz } from './support/fuzz.ts';
import { cuts, mutated } from './support/mutated.ts';

const SAMPLES = [
  'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 16\r\nSet-Cookie: a=1; Path=/\r\n\r\n{"order_id":"1"}',
  'HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall',
  'HTTP/1.0 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nuntil the end',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n',
].map((text) => Buffer.from(text));
const TOKENS = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  ' ',
  ':',
  '\0',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/9.9 ',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  '000',
  '999',
  '199 ',
  'Content-Length: 5\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Content-Encoding: gzip\r\n',
  'Content-Encoding: zstd\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive, x\r\n',
  'Location: http://[::1]:99999/\r\n',
  'X: \u009b31m\r\n',
  ' folded: yes\r\n',
  'ffffffffffffffff\r\n',
  '0\r\n\r\n',
  '-1\r\n',
];

/** What the server does: it sends these pieces, and hangs up. */
interface Script {
  readonly bytes: Buffer;
  readonly cuts: readonly number[];
  /** It answers once a part of the request is there, or resets the connection: who reads what of it is a matter of chance. */
  readonly rudely: 'early' | 'reset' | undefined;
}
const script: fc.Arbitrary<Script> = fc.record({
  bytes: mutated(SAMPLES, TOKENS),
  cuts,
  rudely: fc.constantFrom(...Array(8).fill(undefined), 'early', 'reset'),
});

/** It is never reached: each script ends. */
const TIMEOUT_MS = 50_000;
const MAX_BODY = 8_000;
const BODY = '{"seat":1}';
let current: Script = { bytes: Buffer.alloc(0), cuts: [], rudely: undefined };
let port = 0;
/** A gate of its own for each input: a connection that is kept would get the reset that is meant for the last one. */
const openGate = () =>
  createGate({ now: () => performance.now(), timeoutMs: TIMEOUT_MS, maxBodyBytes: MAX_BODY, wire: 'http1' });

const server = net.createServer({ noDelay: true }, (socket) => {
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    const isFirst = received === '';
    received += data.toString('latin1');
    if (current.rudely === 'early' ? isFirst : received.endsWith(BODY)) void play(socket, current);
  });
});

async function play(socket: Socket, { bytes, cuts: at, rudely }: Script): Promise<void> {
  for (const piece of cut(bytes, at)) {
    socket.write(piece);
    if (at.length > 0) await new Promise(setImmediate);
    if (socket.destroyed) return;
  }
  if (rudely === 'reset') socket.resetAndDestroy();
  else socket.end();
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

async function send(agent: http.Agent | false): Promise<Answer> {
  const headers = { 'Content-Length': BODY.length, Connection: 'close' };
  const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/orders', agent, headers });
  // Node tells of an upgrade that nobody wants by this alone.
  const closed = once(request, 'close').catch(() => {});
  return Promise.race([
    sendWhole(request, BODY),
    closed.then(() => ({ status: 0, headers: {}, body: '', error: new Error('closed') })),
  ]);
}

fuzz('whatever a target sends over HTTP/1, a held request ends, and means what Node reads', script, async (input) => {
  current = input;
  const gate = openGate();
  const done = Promise.withResolvers<Exchange>();
  const { httpAgent } = gate.hold({ staged: (release) => release(), done: done.resolve });
  const given = await send(httpAgent);
  const { reply } = await done.promise;
  gate.close();
  if (reply.kind !== 'complete') expect(['reset', 'unreadable', 'unreachable']).toContain(reply.failure);
  if (reply.kind !== 'broken') expect(reply.body.length).toBeLessThanOrEqual(MAX_BODY);
  if (input.rudely !== undefined) return;
  const plain = await send(false);
  const isAnswer = plain.status >= 200 && plain.status <= 599;
  const isLarge = reply.kind === 'partial' && reply.rest !== undefined;
  // What is large and packed is unpacked on its way.
  if (isLarge && plain.headers['content-encoding'] !== undefined) return;
  const told = `${reply.kind === 'complete' ? reply.status : reply.error}, for Node: ${plain.error ?? plain.status}`;
  expect(reply.kind === 'complete' || (isLarge && plain.status > 0), told).toBe(isAnswer);
  if (isAnswer) expect(given).toMatchObject({ status: plain.status, body: plain.body });
  // The engine takes an answer for whole that is as long as it says, although something else follows.
  else expect(given.status).toBeOneOf([0, reply.kind === 'partial' ? reply.status : 0]);
});
