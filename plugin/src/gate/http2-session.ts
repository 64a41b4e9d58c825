import http2, { type ClientHttp2Session } from 'node:http2';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { type OutgoingRequest, ReplyError } from './exchange.ts';
import { HeldFrames } from './held-frames.ts';
import { type StreamEnds, watchEnds } from './http2-ends.ts';

/** A session, and what is under way on it. */
export interface SharedSession {
  readonly session: ClientHttp2Session;
  readonly wire: HeldFrames;
  /** Tells which answers are whole. */
  readonly ends: StreamEnds;
  /** Requests under way. */
  streams: number;
  /** The bodies of the requests under way, in bytes. */
  bodyBytes: number;
  /** The target said that it is going away (GOAWAY): no new streams. */
  leaving: boolean;
}

/**
 * Opens a session to the target of a request. The promise is rejected after `timeoutMs`, so that the next request may try
 * again.
 */
export async function openSession(request: OutgoingRequest, timeoutMs: number): Promise<SharedSession> {
  const socket = dial(request, ['h2']);
  const deadline = destroyAfter(socket, timeoutMs);
  try {
    await connected(socket, request);
    const ends = watchEnds((stream) => wire.answered(stream));
    const wire: HeldFrames = new HeldFrames(socket, ends.read);
    const scheme = request.secure ? 'https' : 'http';
    const session = http2.connect(`${scheme}://${authorityOf(request)}`, {
      createConnection: () => wire,
      settings: { enablePush: false },
    });
    const shared: SharedSession = { session, wire, ends, streams: 0, bodyBytes: 0, leaving: false };
    session.on('goaway', () => {
      shared.leaving = true;
    });
    await new Promise<void>((resolve, reject) => {
      // The first frame carries the target's limit of streams.
      session.once('remoteSettings', () => resolve());
      // Each stream reports it as well, but without a listener here it would end the process.
      session.on('error', reject);
      session.once('close', () => reject(new Error('the target closed the connection at once: does it speak HTTP/2?')));
    });
    return shared;
  } finally {
    clearTimeout(deadline);
  }
}

/** Asks the target over TLS whether it prefers HTTP/2 (ALPN). The promise is rejected after `timeoutMs`. */
export async function prefersHttp2(request: OutgoingRequest, timeoutMs: number): Promise<boolean> {
  const socket = dial(request, ['h2', 'http/1.1']);
  const deadline = destroyAfter(socket, timeoutMs);
  try {
    await connected(socket, request);
    return (socket as tls.TLSSocket).alpnProtocol === 'h2';
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

function dial({ secure, host, port, tls: options }: OutgoingRequest, protocols: string[]): Socket {
  return secure
    ? tls.connect({ ...options, host, port, ALPNProtocols: protocols })
    : net.connect({ host, port, noDelay: true });
}

function destroyAfter(socket: Socket, timeoutMs: number): NodeJS.Timeout {
  const late = new ReplyError('unreachable', `no connection within ${timeoutMs} ms`);
  return setTimeout(() => socket.destroy(late), timeoutMs);
}

function connected(socket: Socket, { secure }: OutgoingRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.setNoDelay(true);
      resolve();
    });
  });
}

/** HTTP/2's word for the Host header. */
export const authorityOf = ({ headers, host, port }: OutgoingRequest): string => headers.host ?? `${host}:${port}`;
