import type http from 'node:http';
import type { AnswerTimes, Destination } from './bridge.ts';
import type { Connections } from './connection.ts';
import { breakLine, type EngineLine, endToEnd, type PassingOn, passOn } from './engine-line.ts';
import {
  type Exchange,
  type ExchangeTiming,
  type Holder,
  type OutgoingRequest,
  type Reply,
  UNHELD,
} from './exchange.ts';
import { asGet, followAll, isRedirectToGet, serverNameOf } from './follow.ts';
import type { HeldTraffic } from './held-traffic.ts';

/** What a gate needs to forward requests. */
export interface Forwarding extends Pick<Connections, 'exchange'>, PassingOn {
  readonly traffic: HeldTraffic;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Options for `tls.connect`, on top of those that the HTTP engine gives. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/** Sends a request of the engine to the target, held or not, and passes the answer on. */
export async function forward(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  line: EngineLine,
  service: Forwarding,
): Promise<void> {
  const { lane } = line;
  const { method = '', url = '' } = incoming;
  const isStray = lane.waiting?.isFor?.(method, url) === false;
  const waiting = isStray ? undefined : lane.waiting;
  const holder = waiting ?? UNHELD;
  if (!isStray) lane.waiting = undefined;
  const isFollowing = waiting === undefined && isRedirectToGet(lane.status);
  const asked = await readRequest(incoming, line.destination, service.tls);
  const request = atInstance(isFollowing ? asGet(asked) : asked, holder.instance);
  const preparation = await holder.prepare?.(request, service.exchange);
  if (preparation === 'skip') {
    await holder.untilPassedOn?.();
    breakLine(line, { failure: 'aborted', error: 'not sent' });
    return;
  }
  const { reply, timing } =
    typeof preparation === 'object'
      ? preparation
      : await exchangeOf(withAdded(request, holder), line.destination.secure, holder, service);
  await holder.untilPassedOn?.();
  line.times = waiting === undefined ? undefined : timesOf(timing, service.now());
  const waitMs = maxWaitMs(reply, waiting !== undefined);
  if (waitMs > 0) await service.traffic.over(waitMs);
  if (reply.kind !== 'broken' && !isStray) lane.status = reply.status;
  holder.passing?.(reply);
  passOn(response, line, reply, service);
}

/** @param nowMs on the clock of the exchange */
function timesOf(
  { releasedAtMs, firstByteAtMs, completedAtMs }: ExchangeTiming,
  nowMs: number,
): AnswerTimes | undefined {
  if (releasedAtMs === undefined || firstByteAtMs === undefined) return undefined;
  return {
    releasedAt: Date.now() - (nowMs - releasedAtMs),
    // An answer may begin before the request is complete.
    firstByteMs: Math.max(0, firstByteAtMs - releasedAtMs),
    totalMs: Math.max(0, completedAtMs - releasedAtMs),
  };
}

/** The exchange, with what the redirects of its answer lead to where the holder wants that. */
async function exchangeOf(
  request: OutgoingRequest,
  secure: boolean,
  holder: Holder,
  { exchange: send, traffic }: Forwarding,
): Promise<Exchange> {
  if (holder === UNHELD) return send(request, { ...UNHELD, takesRest: true });
  const watched = { ...traffic.watched(holder), takesRest: true };
  const { cookies } = holder;
  if (cookies === undefined) return send(request, watched);
  const first = await send(request, { ...watched, done: () => {} });
  // A suite may send any Host: where no URL can have it, nobody can say where a redirect leads.
  const url = URL.parse(`${secure ? 'https' : 'http'}://${request.headers.host}${request.path}`);
  const sendHop = (hop: OutgoingRequest) => send(hop, { ...UNHELD, takesRest: true });
  const last = url === null ? first : await followAll(first, url, cookies, sendHop);
  watched.done(last);
  return last;
}

/** The engine takes long over a larger body, in bytes. */
const MAX_LIGHT_BYTES = 16 * 1024;

/**
 * How long an answer may wait until no held request is in flight, in milliseconds. The engine takes some 0.3 ms over an
 * answer, and much longer over one that is packed or large; the answers to the other contenders would seem late by that.
 */
function maxWaitMs(reply: Reply, isHeld: boolean): number {
  if (reply.kind === 'broken' || (reply.kind === 'partial' && reply.rest === undefined)) return 0;
  if (reply.headers['content-encoding'] !== undefined || reply.bodyBytes > MAX_LIGHT_BYTES) return 1000;
  return isHeld ? 50 : 0;
}

async function readRequest(
  incoming: http.IncomingMessage,
  destination: Destination,
  tls: Forwarding['tls'],
): Promise<OutgoingRequest> {
  const body = await bodyOf(incoming);
  const rawHeaders = endToEnd(incoming.rawHeaders);
  const hasBody = body.length > 0 || incoming.headers['content-length'] !== undefined;
  return {
    ...destination,
    tls: { ...destination.tls, ...tls },
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

/** The request with the headers that the holder adds to it. */
function withAdded(request: OutgoingRequest, holder: Holder): OutgoingRequest {
  const added = holder.addHeaders?.(request) ?? [];
  return added.length === 0 ? request : { ...request, rawHeaders: [...request.rawHeaders, ...added] };
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

/** The request at another place: its path, its headers and the name that TLS asks for stay as they are. */
function atInstance(request: OutgoingRequest, instance: Holder['instance']): OutgoingRequest {
  const { secure, host, port } = instance ?? request;
  const name = URL.parse(`https://${request.headers.host}`)?.hostname ?? '';
  return { ...request, secure, host, port, tls: secure ? { ...serverNameOf(name), ...request.tls } : {} };
}
