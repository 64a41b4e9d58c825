import { isIP } from 'node:net';
import {
  type Cookies,
  type Exchange,
  type OutgoingRequest,
  type ReceivedAnswer,
  ReplyError,
  withoutHeaders,
} from './exchange.ts';

/** A browser gives up after so many redirects. */
export const MAX_HOPS = 10;

/** Redirects after which a browser asks by GET, whatever it sent before. */
const TO_GET = new Set([301, 302, 303]);
/** Redirects after which a browser sends the same again. */
const SAME_AGAIN = new Set([307, 308]);

/** Whether a browser follows a redirect with this status by a GET. */
export const isRedirectToGet = (status: number | undefined): boolean => status !== undefined && TO_GET.has(status);

/** The same request as a GET; a HEAD stays one. */
export function asGet(request: OutgoingRequest): OutgoingRequest {
  if (request.method === 'GET' || request.method === 'HEAD') return request;
  return {
    ...request,
    method: 'GET',
    rawHeaders: withoutHeaders(request.rawHeaders, (name) => name.startsWith('content-')),
    body: Buffer.alloc(0),
  };
}

/**
 * Follows the redirects of an answer, as a browser does, with the cookies of the virtual user.
 *
 * @param url the address that the request was sent to
 * @returns the exchange with the answer at the end, and the time when that was complete
 */
export async function followAll(
  first: Exchange,
  url: URL,
  cookies: Cookies,
  send: (request: OutgoingRequest) => Promise<Exchange>,
): Promise<Exchange> {
  let last = first;
  let { request } = first;
  let at = url;
  for (let hops = 0; last.reply.kind === 'complete'; hops++) {
    const { reply } = last;
    const next = nextUrl(reply, at);
    for (const cookie of reply.headers['set-cookie'] ?? []) cookies.store(cookie, at.href);
    if (next === undefined) break;
    if (hops === MAX_HOPS) {
      const { failure, message: error } = new ReplyError('unreadable', `more than ${MAX_HOPS} redirects`);
      return { ...last, ...ending(first, last), reply: { ...reply, kind: 'partial', failure, error } };
    }
    request = hopTo(next, at, isRedirectToGet(reply.status) ? asGet(request) : request, cookies);
    at = next;
    last = await send(request);
  }
  return last === first ? withoutCookies(first) : withoutCookies({ ...last, ...ending(first, last) });
}

/** What stays of the first exchange: its request, and when it was released. */
const ending = (first: Exchange, { timing: { completedAtMs } }: Exchange) => ({
  request: first.request,
  timing: { ...first.timing, completedAtMs },
});

/** The jar has these cookies already; the engine would take them for those of the address that it asked for. */
function withoutCookies(exchange: Exchange): Exchange {
  const { reply } = exchange;
  if (reply.kind !== 'complete' || reply.headers['set-cookie'] === undefined) return exchange;
  const rawHeaders = withoutHeaders(reply.rawHeaders, (name) => name === 'set-cookie');
  return { ...exchange, reply: { ...reply, rawHeaders } };
}

function nextUrl({ status, headers: { location } }: ReceivedAnswer, at: URL): URL | undefined {
  if (location === undefined || !(TO_GET.has(status) || SAME_AGAIN.has(status))) return undefined;
  // Servers send UTF-8, which HTTP reads as Latin-1.
  const next = URL.parse(Buffer.from(location, 'latin1').toString(), at.href);
  return next !== null && /^https?:$/.test(next.protocol) ? next : undefined;
}

const CREDENTIALS = new Set(['authorization', 'proxy-authorization']);

function hopTo(next: URL, from: URL, request: OutgoingRequest, cookies: Cookies): OutgoingRequest {
  const isSameOrigin = next.origin === from.origin;
  const kept = withoutHeaders(
    request.rawHeaders,
    (name) => name === 'host' || name === 'cookie' || (!isSameOrigin && CREDENTIALS.has(name)),
  );
  const cookie = cookies.header(next.href);
  return {
    ...request,
    ...(!isSameOrigin && addressOf(next, request)),
    path: next.pathname + next.search,
    headers: { ...request.headers, host: next.host },
    rawHeaders: ['Host', next.host, ...kept, ...(cookie === '' ? [] : ['Cookie', cookie])],
  };
}

/** Where another origin is. Certificates of the client are for the first one. */
function addressOf({ protocol, hostname, port }: URL, { tls }: OutgoingRequest) {
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const { ca, rejectUnauthorized } = tls;
  const trust = { ...(ca !== undefined && { ca }), ...(rejectUnauthorized !== undefined && { rejectUnauthorized }) };
  return {
    secure,
    host,
    port: Number(port || (secure ? 443 : 80)),
    tls: secure ? { ...trust, ...serverNameOf(host) } : {},
  };
}

/** The name by which a server chooses its certificate. An IP address is not a name (RFC 6066, section 3). */
export const serverNameOf = (host: string): { readonly servername?: string } =>
  host === '' || host.startsWith('[') || isIP(host) > 0 ? {} : { servername: host };
