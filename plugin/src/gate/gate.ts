import http from 'node:http';
import type { Duplex } from 'node:stream';
import { BridgeAgent, type Destination, MAX_HEAD_BYTES } from './bridge.ts';
import { createConnections, type WireOptions } from './connection.ts';
import { breakLine, type EngineLine, type Lane } from './engine-line.ts';
import { type Holder, UNHELD } from './exchange.ts';
import { forward } from './forward.ts';
import { HeldTraffic } from './held-traffic.ts';
import { LargeAnswers } from './large-answers.ts';

export interface GateOptions extends WireOptions {
  /** Options for `tls.connect`, on top of those that the HTTP engine gives; default: none. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /**
   * Whether a body really has the encoding that `Content-Encoding` names. If not, that header is dropped, because the HTTP
   * engine would end its thread. Default: every body is trusted.
   */
  readonly isPackedWell?: (body: Buffer, headers: http.IncomingHttpHeaders) => boolean;
  /** How many bytes of answers that are larger than `maxBodyBytes` the engine may have at once; default: 256 MiB. */
  readonly maxLargeBytes?: number;
}

/** Leads the HTTP engine through the gate. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: http.Agent;
}

/** Holds requests back on the wire and lets them go at once. It knows nothing of seats. */
export interface Gate {
  /**
   * The first request that comes through these agents is held; later ones (the redirects that the engine follows) pass. So a
   * held request carries no mark that could reach a target.
   */
  hold(holder: Holder): Agents;
  /** Ends every exchange that was not released yet. Those that were go on. */
  abandon(): void;
  /** Ends every exchange under way and every connection. */
  close(): void;
}

/**
 * An ordinary forward proxy inside the process. The HTTP engine's connections end at an `http.Server` that never listens, so
 * templating, captures, cookies, hooks and other plugins keep working; behind it are warm connections to the target.
 */
export function createGate(options: GateOptions): Gate {
  const connections = createConnections(options);
  const lines = new WeakMap<object, EngineLine>();
  const traffic = new HeldTraffic();
  const { isPackedWell = () => true, tls = {}, timeoutMs, now } = options;
  const large = new LargeAnswers(options.maxLargeBytes);
  const service = { exchange: connections.exchange, traffic, isPackedWell, large, tls, timeoutMs, now };

  const proxy = proxyWith((request, response) => {
    const line = lines.get(request.socket);
    if (line === undefined) response.destroy();
    // An error in here must neither end the thread nor leave the engine without an answer.
    else
      forward(request, response, line, service).catch((error) =>
        breakLine(line, { failure: 'unreadable', error: String(error) }),
      );
  });
  const times = (near: object) => lines.get(near)?.times;

  return {
    hold(holder) {
      const lane: Lane = { waiting: holder === UNHELD ? undefined : holder, status: undefined };
      const connected = (near: Duplex, far: Duplex, destination: Destination) => {
        const line: EngineLine = { near, lane, destination };
        lines.set(near, line);
        lines.set(far, line);
        proxy.emit('connection', far);
      };
      return {
        httpAgent: new BridgeAgent(false, connected, times),
        httpsAgent: new BridgeAgent(true, connected, times),
      };
    },
    abandon: () => connections.abandon(),
    close: () => connections.close(),
  };
}

/** A server that never listens: it gets the connections of the HTTP engine by hand. */
function proxyWith(accept: http.RequestListener): http.Server {
  const proxy = http.createServer({
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  proxy.on('request', accept);
  // Node would answer 417 to an unknown `Expect` (RFC 9110, 10.1.1), but that is for the target to decide.
  proxy.on('checkExpectation', accept);
  proxy.on('clientError', (_error, socket) => socket.destroy());
  return proxy;
}
