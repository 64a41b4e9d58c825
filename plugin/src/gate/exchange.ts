import type { IncomingHttpHeaders } from 'node:http';

/** A request as Artillery's HTTP engine sent it, whole. */
export interface OutgoingRequest {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, as they came, without the headers that belong to one hop. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What `tls.connect` is told, for a secure target. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/** Raw headers without those whose name, in small letters, is dropped. */
export function withoutHeaders(rawHeaders: readonly string[], isDropped: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i] ?? '', rawHeaders[i + 1] ?? ''];
    if (!isDropped(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** What came back over the wire. A `broken` reply never became an answer. */
export type Reply =
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly statusMessage: string;
      readonly rawHeaders: readonly string[];
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  | { readonly kind: 'broken'; readonly failure: Failure; readonly error: string };

/**
 * How a reply broke. `timeout`: no complete answer within the deadline. `reset`: the connection went away. `unreachable`:
 * there never was one. `unreadable`: what came is not HTTP, or larger than the bound. `aborted`: the gate was closed.
 */
export type Failure = 'timeout' | 'reset' | 'unreachable' | 'unreadable' | 'aborted';

/** Milliseconds on the run's clock; absent: it did not happen. */
export interface ExchangeTiming {
  readonly stagedAtMs?: number;
  readonly releasedAtMs?: number;
  readonly firstByteAtMs?: number;
  readonly completedAtMs: number;
}

/** One request and what became of it. */
export interface Exchange {
  readonly request: OutgoingRequest;
  readonly timing: ExchangeTiming;
  readonly reply: Reply;
}

/** Sends a request the same way. */
export type SendAnother = (request: OutgoingRequest, holder: Holder) => Promise<Exchange>;

/** Who holds a request back. `done` comes once, last, and whatever happens. */
export interface Holder {
  /**
   * Comes first, where it is there: the request waits until it is done with, say, a rehearsal. It must not reject. After
   * `skip` the request is not sent, and nothing more is called.
   */
  prepare?(request: OutgoingRequest, send: SendAnother): Promise<'go' | 'skip'>;
  /** The request is on the wire but for its last byte. `release` sends that byte; it is synchronous and never throws. */
  staged(release: () => void): void;
  /** The last byte has left: told right after all that were let go with it, unless the exchange was over by then. */
  released?(): void;
  /** Its connection went away before the release; it is being staged on another, and `staged` will be called again. */
  withdrawn?(): void;
  /**
   * What is to be done with an answer takes its time, and must not come between two that are let go one after the other:
   * calls back when that can be. Absent: at once.
   */
  whenQuiet?(callback: () => void): void;
  done(exchange: Exchange): void;
}

/** Lets the request go as soon as it is staged. */
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

/** A reply that broke, from the error that broke it. `connected`: whether there was a connection to break. */
export function brokenBy(error: NodeJS.ErrnoException, connected: boolean): Reply & { kind: 'broken' } {
  const code = error.code ?? '';
  const text = code === '' || error.message.includes(code) ? error.message : `${code} ${error.message}`;
  if (error instanceof ReplyError) return { kind: 'broken', failure: error.failure, error: error.message };
  if (code.startsWith('HPE_')) return { kind: 'broken', failure: 'unreadable', error: `not HTTP: ${text}` };
  const failure = !connected || UNREACHABLE.has(code) ? 'unreachable' : 'reset';
  return { kind: 'broken', failure, error: text };
}

/** An end that the gate itself put to a reply. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly failure: Failure;

  constructor(failure: Failure, message: string) {
    super(message);
    this.failure = failure;
  }
}
