import http from 'node:http';
import https from 'node:https';
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ExchangeOptions, Send, SendEvents } from './conduct.ts';
import { ReplyError } from './exchange.ts';
import { HeldRecords } from './held-duplex.ts';
import { type HeldSocket, heldSocketOf } from './held-socket.ts';
import { together, writeBackToBack } from './release-loop.ts';
import { readReply } from './reply.ts';

/** Keeps every connection for the next round; Node would close all but 256. */
const KEEP_ALL = { keepAlive: true, maxFreeSockets: Infinity } as const;

/** Connections over TLS whose records can be held. */
class SecureAgent extends https.Agent {
  readonly records = new WeakMap<Duplex, HeldRecords>();

  override createConnection(
    options: https.RequestOptions,
    created?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const records = new HeldRecords(
      net.connect({ host: options.host ?? '', port: Number(options.port), noDelay: true }),
    );
    try {
      const socket = super.createConnection({ ...options, socket: records } as https.RequestOptions);
      if (socket) this.records.set(socket, records);
      return socket;
    } catch (error) {
      // For example a passphrase that does not open the key: the request hears of it as of any failed connection.
      records.destroy();
      created?.(error as Error, records);
      return undefined;
    }
  }
}

export interface Http1 {
  readonly send: Send;
  /** Closes connections that no request uses. Returns how many there were. */
  closeIdle(): number;
  /** From now on, a connection is closed after its answer. */
  keepNone(): void;
  close(): void;
}

/**
 * Keep-alive connections over HTTP/1.1, one for each request under way. Everything but the last byte is sent and flushed,
 * and that byte follows at the release (**last-byte synchronisation**).
 */
export function openHttp1({ now, maxBodyBytes }: ExchangeOptions): Http1 {
  const plain = new http.Agent(KEEP_ALL);
  const secure = new SecureAgent(KEEP_ALL);
  const depart = together((leaving: readonly Leaving[]) => sendLastBytes(leaving, now));

  return {
    closeIdle: () => closeIdleOf(plain) + closeIdleOf(secure),
    keepNone() {
      for (const agent of [plain, secure]) agent.keepSocketAlive = () => false;
    },
    send(request, events) {
      const upstream = (request.secure ? https : http).request({
        ...request.tls,
        host: request.host,
        port: request.port,
        method: request.method,
        path: request.path,
        headers: request.rawHeaders,
        agent: request.secure ? secure : plain,
      });
      const held = new HeldRequest(upstream, events, depart);
      upstream.once('socket', (socket: Socket) => held.useSocket(socket, secure.records.get(socket)));
      upstream.once('finish', () => held.stage());
      upstream.on('response', (response) => held.read(response, maxBodyBytes));
      upstream.on('error', (error) => held.fail(error));
      upstream.on('upgrade', (_response, socket) => {
        socket.destroy();
        held.fail(new ReplyError('unreadable', 'the target wants to switch protocols (status 101)'));
      });
      upstream.end(request.body);
      return () => held.breakOff();
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Closes the connections of an agent that no request uses. Returns how many there were. */
export function closeIdleOf(agent: http.Agent): number {
  const idle = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
  for (const socket of idle) socket.destroy();
  return idle.length;
}

/** A request whose last byte leaves now. */
interface Leaving {
  readonly request: HeldRequest;
  readonly socket: HeldSocket;
  readonly sent: (atMs: number) => void;
}

function sendLastBytes(leaving: readonly Leaving[], now: () => number): void {
  // A request that was broken off since its release is recorded as not sent, so it must not be sent.
  const due = leaving.filter(({ request }) => !request.isOver);
  const atMs = writeBackToBack(
    due.map(({ socket }) => socket.takeLast()),
    now,
  );
  for (const [index, { sent }] of due.entries()) sent(atMs[index] ?? now());
}

/** One request on its way to the target. */
class HeldRequest {
  readonly #upstream: http.ClientRequest;
  readonly #events: SendEvents;
  readonly #depart: (leaving: Leaving) => void;
  #socket: Socket | undefined;
  #isConnected = false;
  #isOver = false;

  constructor(upstream: http.ClientRequest, events: SendEvents, depart: (leaving: Leaving) => void) {
    this.#upstream = upstream;
    this.#events = events;
    this.#depart = depart;
  }

  /** Answered, failed or broken off: nothing is reported or sent any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param records below a TLS socket: what its records go through */
  useSocket(socket: Socket, records: HeldRecords | undefined): void {
    this.#socket = socket;
    heldSocketOf(socket, records).hold();
    // A TLS socket does not say whether its handshake is over.
    this.#isConnected = this.#upstream.reusedSocket || !(records !== undefined || socket.connecting);
    if (this.#isConnected) return;
    socket.once(records === undefined ? 'connect' : 'secureConnect', () => {
      this.#isConnected = true;
    });
  }

  /** The socket has the whole request, and holds it back. */
  stage(): void {
    if (this.#socket === undefined) return;
    const socket = heldSocketOf(this.#socket);
    // Together with all others that came in this turn of the event loop: sent one by one, each would wake the target anew
    // and take 165 µs instead of 20 (measured, two cores).
    setImmediate(() => {
      if (this.#isGone()) return;
      socket.sendAllButLast(() => {
        if (this.#isGone()) return;
        this.#events.staged((sent) => this.#depart({ request: this, socket, sent }));
      });
    });
  }

  #isGone(): boolean {
    return this.#isOver || this.#upstream.destroyed;
  }

  read(response: http.IncomingMessage, maxBodyBytes: number): void {
    const { soFar, whole } = readReply(response, response, maxBodyBytes);
    this.#events.firstByte(soFar);
    whole.then(
      (reply) => {
        this.#isOver = true;
        this.#events.replied(reply);
      },
      (error) => this.fail(error),
    );
  }

  fail(error: NodeJS.ErrnoException): void {
    if (!this.#isOver) this.#events.failed(error, this.#isConnected);
    this.#isOver = true;
  }

  breakOff(): void {
    this.#isOver = true;
    this.#upstream.destroy();
    // The request may have given its connection back already, so the socket itself is closed.
    this.#socket?.destroy();
  }
}
