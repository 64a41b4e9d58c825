import http from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';

/** The target of a connection that the HTTP engine opens. */
export interface Destination {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: Readonly<Record<string, unknown>>;
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
  readonly #firstByteMs: (near: object) => number | undefined;

  /** @param firstByteMs tells how long the target took from the release to the first byte of an answer; undefined if its request was not held */
  constructor(
    secure: boolean,
    connected: (near: Duplex, far: Duplex, destination: Destination) => void,
    firstByteMs: (near: object) => number | undefined,
  ) {
    super({ keepAlive: true });
    this.#secure = secure;
    this.#connected = connected;
    this.#firstByteMs = firstByteMs;
    // node:http refuses an agent of another scheme, although no bytes on the bridge are encrypted.
    Object.assign(this, secure ? { protocol: 'https:', defaultPort: 443 } : {});
  }

  /**
   * The engine measures from when it wrote the request into the bridge, so waiting for the others would count. got has set
   * its timings before this listener runs, and the engine reads them after it: here is the chance to correct them.
   */
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void {
    Object.assign(request, { maxHeaderSize: MAX_HEAD_BYTES });
    request.once('response', (response: http.IncomingMessage & { timings?: { phases: { firstByte?: number } } }) => {
      const firstByteMs = this.#firstByteMs(response.socket);
      if (firstByteMs !== undefined && response.timings !== undefined) response.timings.phases.firstByte = firstByteMs;
    });
    // node:http calls this method on every agent, but the types lack it.
    const inherited: unknown = Reflect.get(http.Agent.prototype, 'addRequest', this);
    Reflect.apply(inherited as (...all: unknown[]) => void, this, [request, ...rest]);
  }

  /** The agent serves one request and its redirects. */
  override keepSocketAlive(): boolean {
    return false;
  }

  override createConnection(options: http.ClientRequestArgs): Duplex {
    const [near, far] = duplexPair();
    actAsSocket(near);
    actAsSocket(far);
    this.#connected(near, far, {
      secure: this.#secure,
      host: options.host ?? 'localhost',
      port: Number(options.port ?? (this.#secure ? 443 : 80)),
      tls: this.#secure ? tlsOptionsOf(options as Readonly<Record<string, unknown>>) : {},
    });
    return near;
  }
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
