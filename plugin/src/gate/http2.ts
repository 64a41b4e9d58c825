import http2, { type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { ExchangeOptions, Send } from './conduct.ts';
import { type OutgoingRequest, type Reply, ReplyError } from './exchange.ts';
import { authorityOf, openSession, type SharedSession } from './http2-session.ts';
import { together, writeBackToBack } from './release-loop.ts';
import { readReply } from './reply.ts';

/** The window that every HTTP/2 connection starts with (RFC 9113, 6.9.2): bodies that wait on one session fit into it. */
const SESSION_WINDOW_BYTES = 65_535;
/** Streams on a session whose target does not say how many it takes. */
const DEFAULT_STREAMS = 100;

/** A request whose final frame is to be sent. */
interface Leaving {
  readonly shared: SharedSession;
  readonly stream: number;
  readonly isOver: () => boolean;
  readonly sent: (atMs: number) => void;
}

/**
 * Sessions to one origin, shared by all contenders. Every request is sent but for its final DATA frame, which is made and
 * kept; at the release the final frames of all contenders leave in **one write** per session: 100 of them are 1,000 bytes,
 * so one TCP segment and one TLS record (**single-packet release**, after James Kettle's single-packet attack, 2023). As
 * many sessions are opened as the target's limit of streams, and the window for the bodies, ask for; their writes are back
 * to back.
 */
export function openHttp2(options: ExchangeOptions): { readonly send: Send; close(): void } {
  const { now, maxBodyBytes, timeoutMs } = options;
  const sessions = new Set<SharedSession>();
  let opening: Promise<void> | undefined;
  let isClosed = false;

  const hasRoom = (shared: SharedSession, bytes: number) =>
    !shared.leaving &&
    !shared.session.closed &&
    !shared.session.destroyed &&
    shared.streams < (shared.session.remoteSettings.maxConcurrentStreams ?? DEFAULT_STREAMS) &&
    (shared.streams === 0 || shared.bodyBytes + bytes <= SESSION_WINDOW_BYTES);

  const add = (its: SharedSession): void => {
    const isOfUse = !isClosed && hasRoom(its, 0);
    if (!isOfUse) its.session.destroy();
    // Another one would be no better, and one after the other would be opened.
    if (!isOfUse) throw new ReplyError('unreachable', 'the target takes no streams on a new connection');
    sessions.add(its);
    its.session.once('close', () => sessions.delete(its));
  };

  /** @returns undefined where the request is over by the time that there is room for it */
  const board = async (request: OutgoingRequest, isOver: () => boolean): Promise<SharedSession | undefined> => {
    while (!isOver()) {
      const shared = [...sessions].find((its) => hasRoom(its, request.body.length));
      if (shared !== undefined) {
        shared.streams += 1;
        shared.bodyBytes += request.body.length;
        return shared;
      }
      opening ??= openSession(request, timeoutMs)
        .then(add)
        .finally(() => {
          opening = undefined;
        });
      await opening;
    }
    return undefined;
  };

  const depart = together((leaving: readonly Leaving[]) => {
    // One that was broken off since it was let go is recorded as not sent, and so it must not be. One whose stream is over
    // cannot be: its end, which is about to be told, came before the release.
    const due = leaving.filter(({ shared: { wire }, stream, isOver }) => !isOver() && wire.holds(stream));
    const flights = [...Map.groupBy(due, ({ shared }) => shared)];
    const atMs = writeBackToBack(
      flights.map(([{ wire }, its]) => wire.takeFrames(its.map(({ stream }) => stream))),
      now,
    );
    for (const [index, [, its]] of flights.entries()) for (const { sent } of its) sent(atMs[index] ?? now());
  });

  const send: Send = (request, events) => {
    let over = false;
    let stream: ClientHttp2Stream | undefined;

    const failed = (error: NodeJS.ErrnoException, connected: boolean) => {
      if (!over) events.failed(error, connected);
      over = true;
    };

    const begin = (shared: SharedSession) => {
      const its = shared.session.request(headersOf(request), { endStream: false });
      stream = its;
      const last = request.body.subarray(-1);
      const holdLast = () => {
        if (over || its.destroyed) return;
        const id = its.id ?? 0;
        shared.wire.hold(id, () => {
          if (!over) events.staged((sent) => depart({ shared, stream: id, isOver: () => over, sent }));
        });
        its.once('close', () => shared.wire.forget(id));
        its.end(last);
      };
      its.once('response', (headers) => {
        events.firstByte();
        readReply({ statusCode: headers[':status'], ...headOf(headers) }, its, maxBodyBytes).then(
          (reply) => {
            // Node ends the body of a stream that was reset as if it were whole.
            if (!shared.ends.take(its.id) && !isProvenWhole(reply)) return failed(closedBy(its), true);
            if (!over) events.replied(reply);
            over = true;
          },
          (error) => failed(error, true),
        );
      });
      its.once('error', (error) => failed(error, true));
      its.once('close', () => {
        leave(shared);
        // An answer that was complete is told first.
        setImmediate(failed, closedBy(its), true);
      });
      if (request.body.length > 1) its.write(request.body.subarray(0, -1), (error) => error ?? holdLast());
      else if (its.pending) its.once('ready', holdLast);
      else holdLast();
    };

    const leave = (shared: SharedSession) => {
      shared.streams -= 1;
      shared.bodyBytes -= request.body.length;
    };

    board(request, () => over).then(
      (shared) => {
        if (shared === undefined) return;
        try {
          if (!over) return begin(shared);
        } catch (error) {
          // What HTTP/1.1 lets pass and HTTP/2 does not, such as two values for one header.
          failed(new ReplyError('unreachable', `it cannot be sent over HTTP/2: ${(error as Error).message}`), false);
        }
        leave(shared);
      },
      (error) => failed(error, false),
    );
    return () => {
      over = true;
      stream?.close(http2.constants.NGHTTP2_CANCEL);
    };
  };

  return {
    send,
    close() {
      isClosed = true;
      for (const { session } of sessions) session.destroy();
    },
  };
}

/** Headers that HTTP/2 does not have (RFC 9113, 8.2.2), or has in another way. */
const NOT_IN_HTTP2 = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings']);

function headersOf(request: OutgoingRequest): http2.OutgoingHttpHeaders {
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

/** The headers of an answer in the form of HTTP/1.1. */
function headOf(its: IncomingHttpHeaders) {
  const named = Object.entries(its).filter(([name]) => !name.startsWith(':'));
  const rawHeaders = named.flatMap(([name, value]) => [value ?? []].flat().flatMap((one) => [name, String(one)]));
  return { rawHeaders, headers: Object.fromEntries(named) as IncomingHttpHeaders };
}

/** The codes of errors, in the order of their numbers (RFC 9113, 7). */
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

const closedBy = ({ rstCode = -1 }: ClientHttp2Stream): Error =>
  new Error(`the stream was closed: ${ERROR_CODES[rstCode] ?? `code ${rstCode}`}`);

/** An answer that says how long it is can prove that it is whole, although its stream was not ended but reset. */
const isProvenWhole = (reply: Reply): boolean =>
  reply.kind === 'complete' && reply.headers['content-length'] === String(reply.body.length);
