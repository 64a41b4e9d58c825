import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ExchangeOptions, Send } from './conduct.ts';
import type { OutgoingRequest } from './exchange.ts';
import { HeldDuplex } from './held-duplex.ts';
import { readReply } from './reply.ts';

/** A DATA frame's header (RFC 9113, 4.1). */
const FRAME_HEADER_BYTES = 9;
/** The window that every HTTP/2 connection starts with (RFC 9113, 6.9.2): bodies that wait on one session fit into it. */
const SESSION_WINDOW_BYTES = 65_535;
/** Streams on a session whose target does not say how many it takes. */
const DEFAULT_STREAMS = 100;
/** How often the event loop may turn until the final frames have come down to the wire. */
const MAX_TURNS = 20;

/** A session, and what goes on on it. */
interface SharedSession {
  readonly session: ClientHttp2Session;
  readonly wire: HeldDuplex;
  streams: number;
  bodyBytes: number;
  /** The target said that it is going away: no new streams. */
  leaving: boolean;
}

/** What waits to leave in one write. */
interface Departure {
  readonly shared: SharedSession;
  expectedBytes: number;
  readonly sent: ((atMs: number) => void)[];
}

/**
 * Sessions to one origin, shared by all contenders. Every request is sent but for its final DATA frame; at the release the
 * final frames of all contenders leave in **one write** per session: 100 of them are 1,000 bytes, so one TCP segment and
 * one TLS record (**single-packet release**, after James Kettle's single-packet attack, 2023). As many sessions are opened
 * as the target's limit of streams, and the window for the bodies, ask for; their writes are back to back.
 */
export function openHttp2({ now, maxBodyBytes }: ExchangeOptions): { readonly send: Send; close(): void } {
  const sessions = new Set<SharedSession>();
  let opening: Promise<void> | undefined;
  let departures: Map<SharedSession, Departure> | undefined;

  const hasRoom = (shared: SharedSession, bytes: number) =>
    !shared.leaving &&
    !shared.session.closed &&
    !shared.session.destroyed &&
    shared.streams < (shared.session.remoteSettings.maxConcurrentStreams ?? DEFAULT_STREAMS) &&
    (shared.streams === 0 || shared.bodyBytes + bytes <= SESSION_WINDOW_BYTES);

  const board = async (request: OutgoingRequest): Promise<SharedSession> => {
    for (;;) {
      const shared = [...sessions].find((its) => hasRoom(its, request.body.length));
      if (shared !== undefined) {
        shared.streams += 1;
        shared.bodyBytes += request.body.length;
        return shared;
      }
      opening ??= openSession(request)
        .then((its) => {
          sessions.add(its);
          its.session.once('close', () => sessions.delete(its));
        })
        .finally(() => {
          opening = undefined;
        });
      await opening;
    }
  };

  /** The first contender of a release holds the wire; once the frames of all have come down to it, they leave as one. */
  const depart = (shared: SharedSession, stream: ClientHttp2Stream, last: Buffer, sent: (atMs: number) => void) => {
    if (departures === undefined) {
      departures = new Map();
      setImmediate(flush, departures, 0);
    }
    const departure = departures.get(shared) ?? { shared, expectedBytes: shared.wire.heldBytes, sent: [] };
    departures.set(shared, departure);
    shared.wire.hold();
    departure.expectedBytes += FRAME_HEADER_BYTES + last.length;
    departure.sent.push(sent);
    stream.end(last);
  };

  const flush = (leaving: Map<SharedSession, Departure>, turns: number): void => {
    const ready = [...leaving.values()].every(
      ({ shared, expectedBytes }) => shared.wire.heldBytes >= expectedBytes || shared.session.destroyed,
    );
    if (!ready && turns < MAX_TURNS) {
      setImmediate(flush, leaving, turns + 1);
      return;
    }
    departures = undefined;
    // The time first, and one for all that leaves in one write.
    const flights = [...leaving.values()].map(({ shared, sent }) => {
      const atMs = now();
      shared.wire.flush();
      return { atMs, sent };
    });
    for (const { atMs, sent } of flights) for (const told of sent) told(atMs);
  };

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
      const staged = () => {
        if (!over) events.staged((sent) => depart(shared, its, last, sent));
      };
      its.once('response', (headers) => {
        events.firstByte();
        readReply({ statusCode: headers[':status'], ...headOf(headers) }, its, maxBodyBytes).then(
          (reply) => {
            if (!over) events.replied(reply);
            over = true;
          },
          (error) => failed(error, true),
        );
      });
      its.once('error', (error) => failed(error, true));
      its.once('close', () => {
        shared.streams -= 1;
        shared.bodyBytes -= request.body.length;
        // An answer that was complete is told first.
        setImmediate(failed, new Error(`the stream was closed: ${nameOf(its.rstCode)}`), true);
      });
      if (request.body.length > 1) its.write(request.body.subarray(0, -1), (error) => error ?? staged());
      // Without a body but its last byte there is no write to wait for: only for the head to leave.
      else if (its.pending) its.once('ready', () => setImmediate(staged));
      else setImmediate(staged);
    };

    board(request).then(
      (shared) => {
        if (over) {
          shared.streams -= 1;
          shared.bodyBytes -= request.body.length;
        } else begin(shared);
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
      for (const { session } of sessions) session.destroy();
    },
  };
}

async function openSession(request: OutgoingRequest): Promise<SharedSession> {
  const socket = await connect(request);
  const wire = new HeldDuplex(socket);
  const scheme = request.secure ? 'https' : 'http';
  const session = http2.connect(`${scheme}://${authorityOf(request)}`, { createConnection: () => wire });
  const shared: SharedSession = { session, wire, streams: 0, bodyBytes: 0, leaving: false };
  session.on('goaway', () => {
    shared.leaving = true;
  });
  await new Promise<void>((resolve, reject) => {
    // The target's limit of streams is in its first frame.
    session.once('remoteSettings', () => resolve());
    session.once('error', reject);
    session.once('close', () => reject(new Error('the target closed the connection at once: does it speak HTTP/2?')));
  });
  // Streams tell of it themselves; without a listener it would end the process.
  session.on('error', () => {});
  return shared;
}

function connect({ secure, host, port, tls: options }: OutgoingRequest): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = secure
      ? tls.connect({ ...options, host, port, ALPNProtocols: ['h2'] })
      : net.connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** Asks the target over TLS which protocol it prefers (ALPN). */
export function prefersHttp2({ host, port, tls: options }: OutgoingRequest): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...options, host, port, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
      resolve(socket.alpnProtocol === 'h2');
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

const authorityOf = ({ headers, host, port }: OutgoingRequest) => headers.host ?? `${host}:${port}`;

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

const nameOf = (code: number | undefined): string =>
  Object.entries(http2.constants)
    .find(([name, value]) => value === code && /^NGHTTP2_[A-Z_]+$/.test(name))?.[0]
    .slice(8) ?? `code ${code}`;
