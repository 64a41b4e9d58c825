import http from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';

/** Where the request on a bridge wants to go. */
export interface Destination {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: Readonly<Record<string, unknown>>;
}

/** How large a head may be on its way through this process: what is too large is for the target and the wire to say. */
export const MAX_HEAD_BYTES = 16 * 1024 * 1024;

/**
 * An agent whose connections end inside this process: `connected` is given the far end of each, and where it was meant to
 * go. Artillery's HTTP engine takes it for the way to the target.
 */
export class BridgeAgent extends http.Agent {
  readonly #secure: boolean;
  readonly #connected: (near: Duplex, far: Duplex, destination: Destination) => void;
  readonly #firstByteMs: (near: object) => number | undefined;

  /** @param firstByteMs how long the target took for the answer that is passed on now, from the release; if it was held */
  constructor(
    secure: boolean,
    connected: (near: Duplex, far: Duplex, destination: Destination) => void,
    firstByteMs: (near: object) => number | undefined,
  ) {
    super({ keepAlive: true, maxFreeSockets: Infinity });
    this.#secure = secure;
    this.#connected = connected;
    this.#firstByteMs = firstByteMs;
    // node:http refuses an agent for the other scheme; what runs over the bridge is plain either way.
    Object.assign(this, secure ? { protocol: 'https:', defaultPort: 443 } : {});
  }

  /**
   * The engine times an answer from when it sent the request into the bridge, so the wait for the others would count. Its
   * clock (got's) has been read when this listener runs, and the engine takes the figure after it.
   */
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void {
    Object.assign(request, { maxHeaderSize: MAX_HEAD_BYTES });
    request.once('response', (response: http.IncomingMessage & { timings?: { phases: { firstByte?: number } } }) => {
      const firstByteMs = this.#firstByteMs(response.socket);
      if (firstByteMs !== undefined && response.timings !== undefined) response.timings.phases.firstByte = firstByteMs;
    });
    // node:http calls this of every agent; its types do not know it.
    const inherited: unknown = Reflect.get(http.Agent.prototype, 'addRequest', this);
    Reflect.apply(inherited as (...all: unknown[]) => void, this, [request, ...rest]);
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
] as const;

function tlsOptionsOf(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    TLS_OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

/** What node:http expects of a socket and a Duplex lacks. */
function actAsSocket(end: Duplex): void {
  const same = () => end;
  Object.assign(end, { setTimeout: same, setNoDelay: same, setKeepAlive: same, ref: same, unref: same });
  Object.assign(end, { destroySoon: () => end.destroy() });
}
