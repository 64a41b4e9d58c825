import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { BridgeAgent, type Destination, MAX_HEAD_BYTES } from './bridge.ts';
import { type Connections, createConnections, type WireOptions } from './connection.ts';
import { type Holder, type OutgoingRequest, type Reply, UNHELD, withoutHeaders } from './exchange.ts';

/** The status of an answer that the gate gives for one that never came, as a proxy would answer 502 or 504. */
export const TRANSPORT_ERROR_STATUS = 599;
/** The header of such an answer that names the error. */
export const TRANSPORT_ERROR_HEADER = 'x-transport-error';

export interface GateOptions extends WireOptions {
  /** What `tls.connect` is told beside what the HTTP engine says; none by default. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /**
   * Whether a body is packed as its `Content-Encoding` says. The HTTP engine ends its thread over one that is not, so it is
   * handed on without that header. By default, nothing is looked at.
   */
  readonly isPackedWell?: (body: Buffer, headers: http.IncomingHttpHeaders) => boolean;
}

/** The header by which a request says who holds it. It goes no further than the gate. */
export const TICKET_HEADER = 'x-race-ticket';

/** Holds requests back on the wire and lets them go at once. It knows nothing of seats. */
export interface Gate {
  /** The way through the gate, for the HTTP engine. */
  readonly httpAgent: http.Agent;
  readonly httpsAgent: http.Agent;
  /** The first request with this ticket in {@link TICKET_HEADER} is held by `holder`; all others (redirects) pass. */
  hold(holder: Holder): string;
  /** Ends every exchange under way and every connection. */
  close(): void;
}

/**
 * An ordinary forward proxy inside the process: the HTTP engine's connections end at an `http.Server` that never listens,
 * so templating, captures, cookies, hooks and other plugins keep working; behind it are warm connections to the target.
 * Idea and proof: the project's gate sketch.
 */
export function createGate(options: GateOptions): Gate {
  const connections = createConnections(options);
  const tickets = new Map<string, Holder>();
  // Nobody else can know it, so nobody's own header is taken for a ticket.
  const series = randomUUID();
  let issued = 0;
  const ways = new WeakMap<object, Way>();
  const { isPackedWell = () => true } = options;

  const proxy = http.createServer({
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  const accept = (request: http.IncomingMessage, response: http.ServerResponse) => {
    const way = ways.get(request.socket);
    const ticket = String(request.headers[TICKET_HEADER] ?? '');
    const holder = tickets.get(ticket) ?? UNHELD;
    tickets.delete(ticket);
    if (way === undefined) response.destroy();
    // Whatever goes wrong in here must not end the thread, nor leave the engine without an answer.
    else forward(request, response, connections, way, holder, isPackedWell).catch((error) => giveUp(response, error));
  };
  proxy.on('request', accept);
  // Whatever a request expects (RFC 9110, 10.1.1), it comes with its body, and it is not for the gate to refuse it.
  proxy.on('checkExpectation', accept);
  proxy.on('clientError', (_error, socket) => socket.destroy());

  const connected = (near: Duplex, far: Duplex, destination: Destination) => {
    const tls = destination.secure ? { ...destination.tls, ...options.tls } : {};
    const way: Way = { destination: { ...destination, tls } };
    ways.set(near, way);
    ways.set(far, way);
    proxy.emit('connection', far);
  };
  const firstByteMs = (near: object) => ways.get(near)?.firstByteMs;
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

/** Where the requests on a connection of the engine's go. */
interface Way {
  readonly destination: Destination;
  /** From the release to the first byte of the latest answer, where that was held. */
  firstByteMs?: number | undefined;
}

async function forward(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  connections: Connections,
  way: Way,
  holder: Holder,
  isPackedWell: NonNullable<GateOptions['isPackedWell']>,
): Promise<void> {
  const request = await readRequest(incoming, way.destination);
  const preparation = await holder.prepare?.(request, connections.exchange);
  if (preparation === 'skip') {
    giveAnswer(response, { kind: 'broken', failure: 'aborted', error: 'not sent' });
    return;
  }
  const exchange = await connections.exchange(request, holder);
  const { releasedAtMs, firstByteAtMs } = exchange.timing;
  const isTimed = holder !== UNHELD && releasedAtMs !== undefined && firstByteAtMs !== undefined;
  // An answer may begin before the request is complete.
  way.firstByteMs = isTimed ? Math.max(0, firstByteAtMs - releasedAtMs) : undefined;
  const { reply } = exchange;
  const isOdd = reply.kind === 'complete' && !isPackedWell(reply.body, reply.headers);
  giveAnswer(response, isOdd ? withoutEncoding(reply) : reply);
}

/** Its headers without `Content-Encoding`; the body as it is. */
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
      'keep-alive',
      ...(hasBody ? ['Content-Length', String(body.length)] : []),
    ],
    body,
  };
}

/** By events: an iterator for each of thousands of requests takes its time. */
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
  if (reply.kind === 'broken') {
    // A header value may hold neither line breaks nor other control characters.
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
  // Node reads control characters in it, and writes none.
  const statusMessage = reply.statusMessage.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
  response.writeHead(reply.status, statusMessage, headers).end(reply.body);
}

/** Headers of one hop (RFC 9110, 7.6.1), and those that are written anew. */
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
