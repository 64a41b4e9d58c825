import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { BridgeAgent, type Destination, MAX_HEAD_BYTES } from './bridge.ts';
import { type Connections, createConnections, type WireOptions } from './connection.ts';
import {
  type Failure,
  type Holder,
  type OutgoingRequest,
  type ReceivedAnswer,
  type Reply,
  UNHELD,
  type Why,
  withoutHeaders,
} from './exchange.ts';
import { HeldTraffic } from './held-traffic.ts';

export interface GateOptions extends WireOptions {
  /** Options for `tls.connect`, on top of those that the HTTP engine gives; default: none. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /**
   * Whether a body really has the encoding that `Content-Encoding` names. If not, that header is dropped, because the HTTP
   * engine would end its thread. Default: every body is trusted.
   */
  readonly isPackedWell?: (body: Buffer, headers: http.IncomingHttpHeaders) => boolean;
}

/** The header that names the holder of a request. It never leaves the gate. */
export const TICKET_HEADER = 'x-race-ticket';

/** Holds requests back on the wire and lets them go at once. It knows nothing of seats. */
export interface Gate {
  /** Leads the HTTP engine's requests through the gate. */
  readonly httpAgent: http.Agent;
  readonly httpsAgent: http.Agent;
  /** Returns a ticket. The first request with it in {@link TICKET_HEADER} is held; later ones (redirects) pass. */
  hold(holder: Holder): string;
  /** Ends every exchange under way and every connection. */
  close(): void;
}

/**
 * An ordinary forward proxy inside the process. The HTTP engine's connections end at an `http.Server` that never listens, so
 * templating, captures, cookies, hooks and other plugins keep working; behind it are warm connections to the target.
 */
export function createGate(options: GateOptions): Gate {
  const connections = createConnections(options);
  const tickets = new Map<string, Holder>();
  // Nobody can guess it, so no header of a script is mistaken for a ticket.
  const series = randomUUID();
  let issued = 0;
  const lines = new WeakMap<object, EngineLine>();
  const traffic = new HeldTraffic();
  const { isPackedWell = () => true } = options;

  const accept = (request: http.IncomingMessage, response: http.ServerResponse) => {
    const line = lines.get(request.socket);
    const ticket = String(request.headers[TICKET_HEADER] ?? '');
    const held = tickets.get(ticket);
    const holder = held === undefined ? UNHELD : traffic.watched(held);
    tickets.delete(ticket);
    if (line === undefined) response.destroy();
    // An error in here must neither end the thread nor leave the engine without an answer.
    else {
      const { exchange } = connections;
      forward(request, response, { exchange, line, holder, traffic, isPackedWell }).catch((error) =>
        breakLine(line, { failure: 'unreadable', error: String(error) }),
      );
    }
  };
  const proxy = proxyWith(accept);

  const connected = (near: Duplex, far: Duplex, destination: Destination) => {
    const tls = destination.secure ? { ...destination.tls, ...options.tls } : {};
    const line: EngineLine = { near, destination: { ...destination, tls } };
    lines.set(near, line);
    lines.set(far, line);
    proxy.emit('connection', far);
  };
  const firstByteMs = (near: object) => lines.get(near)?.firstByteMs;
  const httpAgent = new BridgeAgent(false, connected, firstByteMs);
  const httpsAgent = new BridgeAgent(true, connected, firstByteMs);

  return {
    httpAgent,
    httpsAgent,
    hold(holder) {
      const ticket = `${series}-${++issued}`;
      tickets.set(ticket, holder);
      return ticket;
    },
    close() {
      connections.close();
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** A server that never listens: it gets the connections of the HTTP engine by hand. */
function proxyWith(accept: http.RequestListener): http.Server {
  const proxy = http.createServer({
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  proxy.on('request', accept);
  // Node would answer 417 to an unknown `Expect` (RFC 9110, 10.1.1), but that is for the target to decide.
  proxy.on('checkExpectation', accept);
  proxy.on('clientError', (_error, socket) => socket.destroy());
  return proxy;
}

/** One connection of the HTTP engine. */
interface EngineLine {
  /** The engine's end. */
  readonly near: Duplex;
  readonly destination: Destination;
  /** From release to first byte of the latest answer, in milliseconds; undefined if it was not held. */
  firstByteMs?: number | undefined;
}

interface Forwarding extends Pick<Connections, 'exchange'> {
  readonly line: EngineLine;
  readonly holder: Holder;
  readonly traffic: HeldTraffic;
  readonly isPackedWell: NonNullable<GateOptions['isPackedWell']>;
}

async function forward(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  { exchange: send, line, holder, traffic, isPackedWell }: Forwarding,
): Promise<void> {
  const request = await readRequest(incoming, line.destination);
  const preparation = await holder.prepare?.(request, send);
  if (preparation === 'skip') {
    await holder.untilPassedOn?.();
    breakLine(line, { failure: 'aborted', error: 'not sent' });
    return;
  }
  const exchange = typeof preparation === 'object' ? preparation : await send(request, holder);
  await holder.untilPassedOn?.();
  const { releasedAtMs, firstByteAtMs } = exchange.timing;
  const isTimed = holder !== UNHELD && releasedAtMs !== undefined && firstByteAtMs !== undefined;
  // An answer may begin before the request is complete.
  line.firstByteMs = isTimed ? Math.max(0, firstByteAtMs - releasedAtMs) : undefined;
  const { reply } = exchange;
  const waitMs = maxWaitMs(reply, holder);
  if (waitMs > 0) await traffic.over(waitMs);
  passOn(response, line, reply, isPackedWell);
}

/** What the engine would see on a connection of its own: the whole answer, or as much as came and then the error. */
function passOn(
  response: http.ServerResponse,
  line: EngineLine,
  reply: Reply,
  isPackedWell: Forwarding['isPackedWell'],
): void {
  switch (reply.kind) {
    case 'complete': {
      const isMislabelled = !isPackedWell(reply.body, reply.headers);
      begin(response, isMislabelled ? withoutEncoding(reply) : reply).end(reply.body);
      return;
    }
    case 'partial':
      begin(response, reply).write(reply.body, () => setImmediate(breakLine, line, reply));
      return;
    case 'broken':
      breakLine(line, reply);
      return;
  }
}

/** The names that Node gives to such errors of a connection, for those that have no name. */
const CODES: Partial<Record<Failure, string>> = {
  timeout: 'ETIMEDOUT',
  reset: 'ECONNRESET',
  unreachable: 'ECONNREFUSED',
};

function breakLine({ near }: EngineLine, { failure, error, code = CODES[failure] }: Why): void {
  near.destroy(Object.assign(new Error(error), code && { code }));
}

/** The engine takes long over a larger body, in bytes. */
const MAX_LIGHT_BYTES = 16 * 1024;

/**
 * How long an answer may wait until no held request is in flight, in milliseconds. The engine takes some 0.3 ms over an
 * answer, and much longer over one that is packed or large; the answers to the other contenders would seem late by that.
 */
function maxWaitMs(reply: Reply, holder: Holder): number {
  if (reply.kind !== 'complete') return 0;
  if (reply.headers['content-encoding'] !== undefined || reply.bodyBytes > MAX_LIGHT_BYTES) return 1000;
  return holder === UNHELD ? 0 : 50;
}

/** The reply without `Content-Encoding`, and with the same body. */
const withoutEncoding = (reply: Reply & { kind: 'complete' }) => ({
  ...reply,
  rawHeaders: withoutHeaders(reply.rawHeaders, (name) => name === 'content-encoding'),
});

async function readRequest(incoming: http.IncomingMessage, destination: Destination): Promise<OutgoingRequest> {
  const body = await bodyOf(incoming);
  const rawHeaders = endToEnd(incoming.rawHeaders);
  const hasBody = body.length > 0 || incoming.headers['content-length'] !== undefined;
  return {
    ...destination,
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headers,
    rawHeaders: [
      ...rawHeaders,
      'Connection',
      /\bclose\b/i.test(incoming.headers.connection ?? '') ? 'close' : 'keep-alive',
      ...(hasBody ? ['Content-Length', String(body.length)] : []),
    ],
    body,
  };
}

/** Reads by events: an async iterator per request is slow with thousands of requests. */
function bodyOf(incoming: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('error', reject);
  });
}

/** Begins the answer to the engine with its head. */
function begin(response: http.ServerResponse, answer: Reply & ReceivedAnswer): http.ServerResponse {
  const { status, rawHeaders } = answer;
  const length = answer.headers['content-length'];
  const bodiless = status === 204 || status === 304;
  const headers = endToEnd(rawHeaders);
  if (length !== undefined) headers.push('Content-Length', length);
  else if (!bodiless && answer.kind === 'complete') headers.push('Content-Length', String(answer.body.length));
  // Node accepts control characters in a reason phrase, but refuses to write them.
  const statusMessage = answer.statusMessage.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
  return response.writeHead(status, statusMessage, headers);
}

/** Hop-by-hop headers (RFC 9110, 7.6.1), and those that the gate writes itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'content-length',
  TICKET_HEADER,
]);

const endToEnd = (rawHeaders: readonly string[]) => withoutHeaders(rawHeaders, (name) => HOP_BY_HOP.has(name));
