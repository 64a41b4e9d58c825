import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline, type Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { AnswerTimes, Destination } from './bridge.ts';
import { type Failure, type Holder, type ReceivedAnswer, type Reply, type Why, withoutHeaders } from './exchange.ts';
import type { LargeAnswers } from './large-answers.ts';

/** What the engine sends because of one raced request: the request, and the redirects that it follows. */
export interface Lane {
  /** Holds the next request; undefined once that came. */
  waiting: Holder | undefined;
  /** The status of the latest answer. */
  status: number | undefined;
}

/** One connection of the HTTP engine. */
export interface EngineLine {
  /** The engine's end. */
  readonly near: Duplex;
  readonly lane: Lane;
  readonly destination: Destination;
  /** Of the latest answer; undefined if its request was not held. */
  times?: AnswerTimes | undefined;
}

/** How an answer goes on to the engine. */
export interface PassingOn {
  readonly isPackedWell: (body: Buffer, headers: http.IncomingHttpHeaders) => boolean;
  /** How long the rest of a large answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly large: LargeAnswers;
}

/** What the engine would see on a connection of its own: the whole answer, or as much as came and then the error. */
export function passOn(
  response: http.ServerResponse,
  line: EngineLine,
  reply: Reply,
  { isPackedWell, ...passing }: PassingOn,
): void {
  switch (reply.kind) {
    case 'complete': {
      const isMislabelled = !isPackedWell(reply.body, reply.headers);
      begin(response, isMislabelled ? withoutEncoding(reply) : reply).end(reply.body);
      return;
    }
    case 'partial':
      if (reply.rest !== undefined) passRestOn(response, line, { ...reply, rest: reply.rest }, passing);
      else begin(response, reply).write(reply.body, () => setImmediate(breakLine, line, reply));
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

/** Node's words for an answer whose connection ends before it is whole. */
const CUT_OFF = 'ECONNRESET aborted';

/** The engine sees its connection break. */
export function breakLine({ near }: EngineLine, { failure, error, code = CODES[failure] }: Why): void {
  // The engine's end then says the same.
  if (error === CUT_OFF) near.destroy();
  else near.destroy(Object.assign(new Error(error), code && { code }));
}

type LargeAnswer = Reply & { kind: 'partial'; rest: Readable };

/** Streams an answer that is too large to be kept. A packed one is unpacked here: the engine would end its thread if that fails. */
function passRestOn(
  response: http.ServerResponse,
  line: EngineLine,
  reply: LargeAnswer,
  { timeoutMs, large }: Omit<PassingOn, 'isPackedWell'>,
): void {
  const { rest, body, headers } = reply;
  const unpack = unpackerOf(headers['content-encoding']);
  begin(response, unpack === undefined ? reply : unpacked(reply));
  const first = unpack ?? response;
  first.write(body);
  const bounded = large.through(line.near);
  const late = setTimeout(() => rest.destroy(new Error(`no whole answer within ${timeoutMs} ms`)), timeoutMs);
  const ended = (error: NodeJS.ErrnoException | null) => {
    clearTimeout(late);
    if (error !== null && error !== undefined) breakLine(line, { failure: 'reset', error: error.message });
  };
  if (unpack === undefined) pipeline(rest, bounded, response, ended);
  else pipeline(rest, unpack, bounded, response, ended);
}

function unpackerOf(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zlib.createZstdDecompress();
    default:
      return undefined;
  }
}

/** The reply without `Content-Encoding`, and with the same body. */
const withoutEncoding = <T extends ReceivedAnswer>(reply: T): T => ({
  ...reply,
  rawHeaders: withoutHeaders(reply.rawHeaders, (name) => name === 'content-encoding'),
});

/** The reply with neither `Content-Encoding` nor a length. */
const unpacked = <T extends ReceivedAnswer>(reply: T): T => ({
  ...withoutEncoding(reply),
  headers: { ...reply.headers, 'content-length': undefined },
});

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
]);

/** Raw headers that go from one end to the other. */
export const endToEnd = (rawHeaders: readonly string[]): string[] =>
  withoutHeaders(rawHeaders, (name) => HOP_BY_HOP.has(name));
