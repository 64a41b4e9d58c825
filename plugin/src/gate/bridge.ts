import http from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';

/** The target of a connection that the HTTP engine opens. */
export interface Destination {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: Readonly<Record<string, unknown>>;
}

/** When the target answered a held request, in milliseconds. */
export interface AnswerTimes {
  /** The release, on the wall clock. */
  readonly releasedAt: number;
  /** From the release to the first byte, and to the last. */
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** What got notes about an answer, and hands to the engine and to plugins. Points in time are on the wall clock. */
interface Timings {
  start: number;
  socket?: number;
  lookup?: number;
  connect?: number;
  upload?: number;
  response?: number;
  end?: number;
  readonly phases: { firstByte?: number; download?: number; total?: number };
}

/** The largest head, in bytes, that passes through this process. It is generous: the target decides what is too large. */
export const MAX_HEAD_BYTES = 16 * 1024 * 1024;

/**
 * An agent whose connections end inside this process. `connected` gets both ends of each, and its target. Artillery's HTTP
 * engine believes that it is connected to the target.
 */
export class BridgeAgent extends http.Agent {
  readonly #secure: boolean;
  readonly #connected: (near: Duplex, far: Duplex, destination: Destination) => void;
  readonly #times: (near: object) => AnswerTimes | undefined;

  /** @param times tells when the target answered; undefined if the request was not held */
  constructor(
    secure: boolean,
    connected: (near: Duplex, far: Duplex, destination: Destination) => void,
    times: (near: object) => AnswerTimes | undefined,
  ) {
    super({ keepAlive: true });
    this.#secure = secure;
    this.#connected = connected;
    this.#times = times;
    // node:http refuses an agent of another scheme, although no bytes on the bridge are encrypted.
    Object.assign(this, secure ? { protocol: 'https:', defaultPort: 443 } : {});
  }

  /**
   * got measures from when it wrote the request into the bridge, so waiting for the others would count. It has set its timings
   * before these listeners run, and the engine and other plugins read them later: here is the chance to correct them.
   */
  addRequest(request: http.ClientRequest, options: http.ClientRequestArgs): void {
    Object.assign(request, { maxHeaderSize: MAX_HEAD_BYTES });
    request.once('response', (response: http.IncomingMessage & { readonly timings?: Timings }) => {
      const times = this.#times(response.socket);
      if (times !== undefined && response.timings !== undefined) correct(response, response.timings, times);
    });
    // `http.Agent` would copy all options three times and look for a free connection, which took a twentieth of all memory that
    // a run allocates.
    const near = this.createConnection(options);
    // The request is over, and the next one gets a connection of its own.
    near.once('free', () => near.destroy());
    request.onSocket(near as Socket);
  }

  override createConnection(options: http.ClientRequestArgs): Duplex {
    const [near, far] = duplexPair();
    actAsSocket(near);
    actAsSocket(far);
    // A pair does not do this by itself, and Node keeps the parser of an open connection for ever.
    near.once('close', () => far.destroy());
    this.#connected(near, far, {
      secure: this.#secure,
      host: options.host ?? 'localhost',
      port: Number(options.port ?? (this.#secure ? 443 : 80)),
      tls: this.#secure ? tlsOptionsOf(options as Readonly<Record<string, unknown>>) : {},
    });
    return near;
  }
}

/** Takes the wait for the other contenders out of the timings, and the time that the answer waited in the gate. */
function correct(
  response: http.IncomingMessage,
  timings: Timings,
  { releasedAt, firstByteMs, totalMs }: AnswerTimes,
): void {
  for (const point of ['start', 'socket', 'lookup', 'connect', 'upload'] as const) timings[point] = releasedAt;
  timings.response = releasedAt + firstByteMs;
  timings.phases.firstByte = firstByteMs;
  response.once('end', () => {
    timings.end = releasedAt + totalMs;
    Object.assign(timings.phases, { download: totalMs - firstByteMs, total: totalMs });
  });
}

const TLS_OPTIONS = [
  'ca',
  'cert',
  'key',
  'pfx',
  'passphrase',
  'servername',
  'rejectUnauthorized',
  'ciphers',
  'minVersion',
  'maxVersion',
  'checkServerIdentity',
  'crl',
  'dhparam',
  'ecdhCurve',
  'honorCipherOrder',
  'secureOptions',
  'sigalgs',
] as const;

function tlsOptionsOf(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    TLS_OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

/** Adds the methods that node:http expects of a socket and that a Duplex lacks. */
function actAsSocket(end: Duplex): void {
  const same = () => end;
  Object.assign(end, { setTimeout: same, setNoDelay: same, setKeepAlive: same, ref: same, unref: same });
  Object.assign(end, { destroySoon: () => end.destroy() });
}
