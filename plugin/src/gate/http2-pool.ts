import { type OutgoingRequest, ReplyError } from './exchange.ts';
import { openSession, type SharedSession } from './http2-session.ts';

/** The window that every HTTP/2 connection starts with (RFC 9113, 6.9.2); held bodies on one session must fit into it. */
const SESSION_WINDOW_BYTES = 65_535;
/** The number of streams on a session whose target does not set a limit. */
const DEFAULT_STREAMS = 100;

/**
 * The sessions to one origin. It opens one more when no session has room for a request, one at a time: the limit of streams
 * is known only once a session is open.
 */
export class SessionPool {
  readonly #timeoutMs: number;
  readonly #sessions = new Set<SharedSession>();
  #opening: Promise<void> | undefined;
  #isClosed = false;

  /** @param timeoutMs how long opening a session may take, in milliseconds */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Takes room for a request on a session. The promise is rejected if no session could be opened.
   *
   * @returns undefined if `isOver` before there was room
   */
  async enter(request: OutgoingRequest, isOver: () => boolean): Promise<SharedSession | undefined> {
    while (!isOver()) {
      this.#retireExhausted(request.body.length);
      const shared = [...this.#sessions].find((session) => hasRoom(session, request.body.length));
      if (shared !== undefined) {
        shared.streams += 1;
        shared.bodyBytes += request.body.length;
        return shared;
      }
      this.#opening ??= openSession(request, this.#timeoutMs)
        .then((opened) => this.#add(opened))
        .finally(() => {
          this.#opening = undefined;
        });
      await this.#opening;
    }
    return undefined;
  }

  /** Gives the room of a request back. */
  leave(shared: SharedSession, request: OutgoingRequest): void {
    shared.streams -= 1;
    shared.bodyBytes -= request.body.length;
  }

  close(): void {
    this.#isClosed = true;
    for (const { session } of this.#sessions) session.destroy();
  }

  /** Closes the idle sessions that the target no longer lets send. */
  #retireExhausted(bytes: number): void {
    for (const shared of this.#sessions) {
      if (shared.streams > 0 || shared.leaving || hasWindow(shared, bytes)) continue;
      shared.leaving = true;
      shared.session.close();
    }
  }

  #add(opened: SharedSession): void {
    if (this.#isClosed || !hasRoom(opened, 0)) {
      opened.session.destroy();
      // A new session would have no room either, and retrying would loop.
      throw new ReplyError('unreachable', 'the target takes no streams on a new connection');
    }
    this.#sessions.add(opened);
    opened.session.once('close', () => this.#sessions.delete(opened));
  }
}

const hasRoom = (shared: SharedSession, bytes: number): boolean =>
  !shared.leaving &&
  !shared.session.closed &&
  !shared.session.destroyed &&
  shared.streams < (shared.session.remoteSettings.maxConcurrentStreams ?? DEFAULT_STREAMS) &&
  (shared.streams === 0 ? hasWindow(shared, bytes) : shared.bodyBytes + bytes <= SESSION_WINDOW_BYTES);

/** Targets open the window again once half of it is used, if not before; where one does not, a new session has a whole one. */
const hasWindow = ({ session }: SharedSession, bytes: number): boolean =>
  (session.state.remoteWindowSize ?? SESSION_WINDOW_BYTES) >= Math.min(bytes, SESSION_WINDOW_BYTES >> 1);
