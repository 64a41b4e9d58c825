import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import type { OutgoingRequest, Reply } from './exchange.ts';
import { authorityOf } from './http2-session.ts';
import type { ReplyHead } from './reply.ts';

/** Headers that HTTP/2 forbids (RFC 9113, 8.2.2), or says in another way. */
const NOT_IN_HTTP2 = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings']);

/** The headers of a request, as `node:http2` takes them. */
export function requestHeaders(request: OutgoingRequest): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const [name, value] = [(request.rawHeaders[i] ?? '').toLowerCase(), request.rawHeaders[i + 1] ?? ''];
    if (NOT_IN_HTTP2.has(name)) continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return {
    ...headers,
    ':method': request.method,
    ':path': request.path,
    ':scheme': request.secure ? 'https' : 'http',
    ':authority': authorityOf(request),
  };
}

/**
 * The head of an answer, as HTTP/1.1 would have it.
 *
 * @param raw names and values in turn, as they came: in `incoming`, several lines of a header are one
 */
export function replyHead(
  incoming: IncomingHttpHeaders & { ':status'?: number | undefined },
  raw: readonly string[],
): ReplyHead {
  const named = Object.entries(incoming).filter(([name]) => !name.startsWith(':'));
  const rawHeaders = raw.filter((_, index) => !raw[index - (index % 2)]?.startsWith(':'));
  return { statusCode: incoming[':status'], rawHeaders, headers: Object.fromEntries(named) as IncomingHttpHeaders };
}

/** Error codes in the order of their numbers (RFC 9113, 7). */
const ERROR_CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

/** The error of a stream that closed before the whole answer came. */
export const closedBy = ({ rstCode = -1 }: ClientHttp2Stream): Error =>
  new Error(`the stream was closed: ${ERROR_CODES[rstCode] ?? `code ${rstCode}`}`);

/** Whether an answer is as long as its header says. Then it is whole, even if the stream was reset instead of ended. */
export const isProvenWhole = (reply: Reply): boolean =>
  reply.kind === 'complete' && reply.headers['content-length'] === String(reply.bodyBytes);
