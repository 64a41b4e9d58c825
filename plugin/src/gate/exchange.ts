import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A whole request, as Artillery's HTTP engine sent it. */
export interface OutgoingRequest {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, as they came, without hop-by-hop headers. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Options for `tls.connect`; empty for a target without TLS. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/** Raw headers without the dropped ones. `isDropped` gets names in lower case. */
export function withoutHeaders(rawHeaders: readonly string[], isDropped: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i] ?? '', rawHeaders[i + 1] ?? ''];
    if (!isDropped(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** An answer, as far as it came. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly statusMessage: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The size of the body; asking for it costs nothing, unlike the body itself. */
  readonly bodyBytes: number;
}

/**
 * What came back over the wire: a complete answer; a `partial` one, with its status and headers and what came of its body,
 * and the reason why the rest did not; or the reason why there is no answer at all.
 */
export type Reply =
  | ({ readonly kind: 'complete' } & ReceivedAnswer)
  | ({
      readonly kind: 'partial';
      /** The rest of a body that is too large to be kept, for a holder that takes it; it must be read or destroyed. */
      readonly rest?: Readable;
    } & Why &
      ReceivedAnswer)
  | ({ readonly kind: 'broken' } & Why);

/** Why a connection gave no whole answer. */
export interface Why {
  readonly failure: Failure;
  /** What happened, in words. */
  readonly error: string;
  /** The name of the error, such as ECONNRESET, if it has one. */
  readonly code?: string;
}

/**
 * Why there is no answer, or only a part of one. `timeout`: it was not complete in time. `reset`: the connection was lost.
 * `unreachable`: there was no connection. `unreadable`: the answer is not HTTP, or too large. `aborted`: the gate was closed.
 */
export type Failure = 'timeout' | 'reset' | 'unreachable' | 'unreadable' | 'aborted';

/** Milliseconds on the run's clock. A step that did not happen has no time. */
export interface ExchangeTiming {
  readonly stagedAtMs?: number;
  readonly releasedAtMs?: number;
  readonly firstByteAtMs?: number;
  readonly completedAtMs: number;
}

/** One request, and what came of it. */
export interface Exchange {
  readonly request: OutgoingRequest;
  readonly timing: ExchangeTiming;
  readonly reply: Reply;
}

/** Sends another request through the gate's connections, for example in a rehearsal. */
export type SendAnother = (request: OutgoingRequest, holder: Holder) => Promise<Exchange>;

/** Holds a request back. `done` is always called, once, after everything else but the last two; if it is not sent, only these are. */
export interface Holder {
  /**
   * Whether a request is the one to hold, by its method, and its path and query: another one that comes first passes. Default:
   * the first one is.
   */
  readonly isFor?: ((method: string, path: string) => boolean) | undefined;
  /** Where the request goes instead; its path and its headers stay. Default: where the engine sends it. */
  readonly instance?: Instance | undefined;
  /** If set, redirects are followed with these cookies, and the exchange ends with the answer that they lead to. */
  readonly cookies?: Cookies | undefined;
  /** Whether the holder takes the rest of an answer that is too large to be kept; else its connection is closed. */
  readonly takesRest?: boolean;
  /**
   * Called first: the request waits until the promise resolves, for example for a rehearsal. `skip` means that it is not
   * sent. With an exchange, it is not sent either, and the engine gets the answer of that exchange. The promise must not
   * reject. Default: go at once.
   */
  prepare?(request: OutgoingRequest, send: SendAnother): Promise<'go' | 'skip' | Exchange>;
  /** Raw headers that the held request carries besides its own, names and values in turn. Default: none. */
  addHeaders?(request: OutgoingRequest): readonly string[];
  /**
   * Nothing of the request is on the wire yet. `stage` sends everything but the last byte; `release` sends that byte, as soon
   * as everything else is sent. Both are synchronous and never throw. Default: stages at once.
   */
  gather?(stage: () => void, release: () => void): void;
  /** Everything but the last byte is on the wire. `release` sends that byte; it is synchronous and never throws. */
  staged(release: () => void): void;
  /** Called once the last bytes of the whole batch are written; not called if this exchange has already ended. */
  released?(): void;
  /** The connection was lost before the release. The request goes on another one, and `staged` is called again. */
  withdrawn?(): void;
  /**
   * Handling an answer takes time, which must not widen the spread of a release: runs the callback when no release is
   * imminent. Default: at once.
   */
  whenQuiet?(callback: () => void): void;
  done(exchange: Exchange): void;
  /** Called after `done`, and after `skip`: the answer goes on to the engine once the promise resolves. It must not reject. */
  untilPassedOn?(): Promise<void>;
  /** Called right before the answer goes on to the engine. */
  readonly passing?: ((reply: Reply) => void) | undefined;
}

/** The cookies of a virtual user. */
export interface Cookies {
  /** The value of the `Cookie` header for this URL; empty without cookies. Never throws. */
  header(url: string): string;
  /** Takes a `Set-Cookie` header from this URL. Never throws. */
  store(setCookie: string, url: string): void;
}

/** One of several servers of an API. */
export type Instance = Pick<OutgoingRequest, 'secure' | 'host' | 'port'>;

/** Holds nothing: a request is released as soon as it is staged. */
export const UNHELD: Holder = { staged: (release) => release(), done: () => {} };

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EMFILE',
]);

/**
 * The reply that an error leaves.
 *
 * @param connected whether there was a connection to break
 * @param received what came of an answer before the error; undefined if its head did not come
 */
export function brokenBy(error: NodeJS.ErrnoException, connected: boolean, received?: ReceivedAnswer): Reply {
  const why = reasonFor(error, connected);
  return received === undefined ? { kind: 'broken', ...why } : { kind: 'partial', ...received, ...why };
}

function reasonFor(error: NodeJS.ErrnoException, connected: boolean): Why {
  const code = error.code ?? '';
  const named = code === '' ? {} : { code };
  const text = code === '' || error.message.includes(code) ? error.message : `${code} ${error.message}`;
  if (error instanceof ReplyError) return { failure: error.failure, error: error.message };
  if (code.startsWith('HPE_')) return { failure: 'unreadable', error: `not HTTP: ${text}`, ...named };
  const failure = !connected || UNREACHABLE.has(code) ? 'unreachable' : 'reset';
  return { failure, error: text, ...named };
}

/** An error of the gate's making: it gave up on the reply. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly failure: Failure;

  constructor(failure: Failure, message: string) {
    super(message);
    this.failure = failure;
  }
}
