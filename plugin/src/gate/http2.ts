import http2, { type ClientHttp2Stream } from 'node:http2';
import type { ExchangeOptions, Send, SendEvents } from './conduct.ts';
import { type OutgoingRequest, ReplyError } from './exchange.ts';
import { closedBy, isProvenWhole, replyHead, requestHeaders } from './http2-message.ts';
import { SessionPool } from './http2-pool.ts';
import type { SharedSession } from './http2-session.ts';
import { together, writeBackToBack } from './release-loop.ts';
import { readReply } from './reply.ts';

/**
 * Sessions to one origin, shared by all contenders. Everything but the final DATA frame of each request is sent; that frame
 * is made and kept. At the release the final frames of all contenders leave in **one write** per session: 100 of them are
 * 1,000 bytes, so one TCP segment and one TLS record (**single-packet release**, after James Kettle's single-packet attack,
 * 2023). Several sessions are opened where the target's limit of streams or the window for the bodies demands it; their
 * writes are back to back.
 */
export function openHttp2(options: ExchangeOptions): { readonly send: Send; close(): void } {
  const { now, maxBodyBytes, timeoutMs } = options;
  const pool = new SessionPool(timeoutMs);
  const depart = together((leaving: readonly Leaving[]) => sendFinalFrames(leaving, now));

  return {
    send(request, events) {
      const held = new HeldStream(request, events, depart);
      pool
        .enter(request, () => held.isOver)
        .then(
          (shared) => {
            if (shared === undefined) return;
            const hasBegun = held.begin(shared, maxBodyBytes, () => pool.leave(shared, request));
            if (!hasBegun) pool.leave(shared, request);
          },
          (error) => held.fail(error, false),
        );
      return () => held.breakOff();
    },
    close: () => pool.close(),
  };
}

/** A request whose final frame leaves now. */
interface Leaving {
  readonly request: HeldStream;
  readonly shared: SharedSession;
  readonly stream: number;
  readonly sent: (atMs: number) => void;
}

function sendFinalFrames(leaving: readonly Leaving[], now: () => number): void {
  // A request that was broken off since its release is recorded as not sent, so it must not be sent. Where the stream itself
  // has ended, nothing can be sent: it ended before the release, and will report that next.
  const due = leaving.filter(({ request, shared: { wire }, stream }) => !request.isOver && wire.holds(stream));
  const flights = [...Map.groupBy(due, ({ shared }) => shared)];
  const atMs = writeBackToBack(
    flights.map(([{ wire }, onSession]) => wire.takeFrames(onSession.map(({ stream }) => stream))),
    now,
  );
  for (const [index, [, onSession]] of flights.entries()) for (const { sent } of onSession) sent(atMs[index] ?? now());
}

/** One request on its way to the target. */
class HeldStream {
  readonly #request: OutgoingRequest;
  readonly #events: SendEvents;
  readonly #depart: (leaving: Leaving) => void;
  #stream: ClientHttp2Stream | undefined;
  #isOver = false;
  #isStaged = false;
  #shared: SharedSession | undefined;

  constructor(request: OutgoingRequest, events: SendEvents, depart: (leaving: Leaving) => void) {
    this.#request = request;
    this.#events = events;
    this.#depart = depart;
  }

  /** Answered, failed or broken off: nothing is reported or sent any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Opens the stream and sends everything but its final frame.
   *
   * @param closed called once the stream is closed
   * @returns false if there is no stream: then `closed` is not called
   */
  begin(shared: SharedSession, maxBodyBytes: number, closed: () => void): boolean {
    if (this.#isOver) return false;
    try {
      const stream = shared.session.request(requestHeaders(this.#request), { endStream: false });
      this.#stream = stream;
      this.#shared = shared;
      this.#listen(stream, shared, maxBodyBytes);
      stream.once('close', closed);
      this.#stage(stream, shared);
      return true;
    } catch (error) {
      // HTTP/1.1 allows more than HTTP/2 does, such as two values for one header.
      this.fail(new ReplyError('unreachable', `it cannot be sent over HTTP/2: ${(error as Error).message}`), false);
      return false;
    }
  }

  #listen(stream: ClientHttp2Stream, shared: SharedSession, maxBodyBytes: number): void {
    stream.once('response', (headers, _flags, rawHeaders) => {
      const { soFar, whole } = readReply(replyHead(headers, rawHeaders), stream, maxBodyBytes);
      this.#events.firstByte(soFar);
      whole.then(
        (reply) => {
          // Node ends the body of a stream that was reset as if it were whole.
          if (reply.kind === 'complete' && !shared.ends.take(stream.id) && !isProvenWhole(reply))
            return this.fail(closedBy(stream), true);
          if (!this.#isOver) this.#events.replied(reply);
          this.#isOver = true;
        },
        (error) => this.fail(error, true),
      );
    });
    stream.once('error', (error) => this.fail(error, true));
    // An answer that was whole is reported first.
    stream.once('close', () => setImmediate(() => this.fail(closedBy(stream), true)));
  }

  #stage(stream: ClientHttp2Stream, shared: SharedSession): void {
    const { body } = this.#request;
    const holdLast = () => this.#holdLast(stream, shared, body.subarray(-1));
    if (body.length > 1) stream.write(body.subarray(0, -1), (error) => error ?? holdLast());
    else if (stream.pending) stream.once('ready', holdLast);
    else holdLast();
  }

  #holdLast(stream: ClientHttp2Stream, shared: SharedSession, lastByte: Buffer): void {
    if (this.#isOver || stream.destroyed) return;
    const id = stream.id ?? 0;
    shared.wire.hold(id, () => {
      if (this.#isOver) return;
      this.#isStaged = true;
      this.#events.staged((sent) => this.#depart({ request: this, shared, stream: id, sent }));
    });
    stream.once('close', () => shared.wire.forget(id));
    stream.end(lastByte);
  }

  /** @param connected whether there was a connection to break */
  fail(error: NodeJS.ErrnoException, connected: boolean): void {
    if (!this.#isOver) this.#events.failed(error, connected);
    this.#isOver = true;
  }

  breakOff(): void {
    // A target that takes no more of the body than this would take none of the next request either.
    if (!this.#isOver && !this.#isStaged && this.#shared !== undefined) this.#shared.leaving = true;
    this.#isOver = true;
    this.#stream?.close(http2.constants.NGHTTP2_CANCEL);
  }
}
