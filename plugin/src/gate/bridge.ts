import http from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';

/** Where the request on a bridge wants to go. */
export interface Destination {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: Readonly<Record<string, unknown>>;
}

/**
 * An agent whose connections end inside this process: `connected` is given the far end of each, and where it was meant to
 * go. Artillery's HTTP engine takes it for the way to the target.
 */
export class BridgeAgent extends http.Agent {
  readonly #secure: boolean;
  readonly #connected: (end: Duplex, destination: Destination) => void;

  constructor(secure: boolean, connected: (end: Duplex, destination: Destination) => void) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#secure = secure;
    this.#connected = connected;
    // node:http refuses an agent for the other scheme; what runs over the bridge is plain either way.
    Object.assign(this, secure ? { protocol: 'https:', defaultPort: 443 } : {});
  }

  override createConnection(options: http.ClientRequestArgs): Duplex {
    const [near, far] = duplexPair();
    actAsSocket(near);
    actAsSocket(far);
    this.#connected(far, {
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
