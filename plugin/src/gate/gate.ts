import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { BridgeAgent, type Destination, MAX_HEAD_BYTES } from './bridge.ts';
import { type Connections, createConnections, type WireOptions } from './connection.ts';
import { type Holder, type OutgoingRequest, type Reply, UNHELD, withoutHeaders } from './exchange.ts';
import { HeldTraffic } from './held-traffic.ts';

/** The gate's answer where the target gave none, as a proxy would answer 502 or 504. */
export const TRANSPORT_ERROR_STATUS = 599;
/** The header that names the error in an answer with {@link TRANSPORT_ERROR_STATUS}. */
export const TRANSPORT_ERROR_HEADER = 'x-transport-error';

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
        giveUp(response, error),
      );
    }
  };
  const proxy = proxyWith(accept);

  const connected = (near: Duplex, far: Duplex, destination: Destination) => {
    const tls = destination.secure ? { ...destination.tls, ...options.tls } : {};
    const line: EngineLine = { destination: { ...destination, tls } };
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
    giveAnswer(response, { kind: 'broken', failure: 'aborted', error: 'not sent' });
    return;
  }
  const exchange = await send(request, holder);
  await holder.untilPassedOn?.();
  const { releasedAtMs, firstByteAtMs } = exchange.timing;
  const isTimed = holder !== UNHELD && releasedAtMs !== undefined && firstByteAtMs !== undefined;
  // An answer may begin before the request is complete.
  line.firstByteMs = isTimed ? Math.max(0, firstByteAtMs - releasedAtMs) : undefined;
  const { reply } = exchange;
  const waitMs = maxWaitMs(reply, holder);
  if (waitMs > 0) await traffic.over(waitMs);
  const isMislabelled = reply.kind === 'complete' && !isPackedWell(reply.body, reply.headers);
  giveAnswer(response, isMislabelled ? withoutEncoding(reply) : reply);
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
const withoutEncoding = (reply: Reply & { kind: 'complete' }): Reply => ({
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

function giveUp(response: http.ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else giveAnswer(response, { kind: 'broken', failure: 'unreadable', error: String(error) });
}

function giveAnswer(response: http.ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  // The engine does not get half an answer: a proxy would answer 502 as well.
  if (reply.kind !== 'complete') {
    // A header value must not contain control characters.
    const error = `${reply.failure}: ${reply.error}`.replace(/[^\x20-\x7e]/g, ' ');
    response.writeHead(TRANSPORT_ERROR_STATUS, { [TRANSPORT_ERROR_HEADER]: error, 'content-length': 0 }).end();
    return;
  }
  const headers = [...endToEnd(reply.rawHeaders)];
  const bodiless = reply.status === 204 || reply.status === 304;
  if (!bodiless && reply.headers['content-length'] === undefined)
    headers.push('Content-Length', String(reply.body.length));
  else if (reply.headers['content-length'] !== undefined)
    headers.push('Content-Length', reply.headers['content-length']);
  // Node accepts control characters in a reason phrase, but refuses to write them.
  const statusMessage = reply.statusMessage.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
  response.writeHead(reply.status, statusMessage, headers).end(reply.body);
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
