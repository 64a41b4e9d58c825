import { conduct, type ExchangeOptions, type Send, type Stop } from './conduct.ts';
import { type Exchange, type Holder, type OutgoingRequest, ReplyError } from './exchange.ts';
import { openHttp1 } from './http1.ts';
import { openHttp2 } from './http2.ts';
import { prefersHttp2 } from './http2-session.ts';
import { StallWatch } from './stall-watch.ts';

/** `auto`: what ALPN says over TLS, else HTTP/1.1. `http2` without TLS: the target must speak it from the first byte. */
export type Wire = 'auto' | 'http1' | 'http2';

export interface WireOptions extends ExchangeOptions {
  readonly wire: Wire;
  /** Closes idle connections of others to the same targets, and returns how many there were; default: there are none. */
  readonly closeOthers?: () => number;
}

/** Connections to the targets, over the protocol that each speaks; shared by all contenders. */
export interface Connections {
  /** Sends a request; the promise is resolved when the exchange ends, with or without an answer. */
  exchange(request: OutgoingRequest, holder: Holder): Promise<Exchange>;
  /** Ends every exchange that was not released yet, as `aborted`. Those that were go on. */
  abandon(): void;
  /** Closes all connections; exchanges under way end as `aborted`. */
  close(): void;
}

/**
 * Connections are kept and used again. Over HTTP/1.1 each exchange has a connection to itself. Over HTTP/2 they share
 * sessions, because only requests on one connection can leave in one packet.
 */
export function createConnections(options: WireOptions): Connections {
  const http1 = openHttp1(options);
  const http2ByOrigin = new Map<string, ReturnType<typeof openHttp2>>();
  const preferences = new Map<string, Promise<boolean>>();
  const underWay = new Set<Stop>();
  let isClosed = false;
  let isAbandoned = false;
  const { now, closeOthers = () => 0 } = options;
  const stalls = new StallWatch({
    now,
    closeIdle: () => http1.closeIdle() + closeOthers(),
    keepNone: () => http1.keepNone(),
  });

  const speaksHttp2 = (request: OutgoingRequest): boolean | Promise<boolean> => {
    if (options.wire !== 'auto') return options.wire === 'http2';
    if (!request.secure) return false;
    const origin = originOf(request);
    const preference = preferences.get(origin) ?? prefersHttp2(request, options.timeoutMs);
    preferences.set(origin, preference);
    // If the target could not be asked, the next request asks again.
    preference.catch(() => preferences.delete(origin));
    return preference;
  };

  const http2For = (request: OutgoingRequest): Send => {
    const origin = originOf(request);
    const sessions = http2ByOrigin.get(origin) ?? openHttp2(options);
    http2ByOrigin.set(origin, sessions);
    return sessions.send;
  };

  const sendOver =
    (http2: boolean): Send =>
    (request, events) =>
      (http2 ? http2For(request) : http1.send)(request, events);

  return {
    exchange: (request, holder) =>
      new Promise((resolve) => {
        let isSent = false;
        const watched: Holder = {
          ...holder,
          released() {
            isSent = true;
            stalls.sent();
            holder.released?.();
          },
        };
        const stop = conduct(request, watched, options, chosen(speaksHttp2(request), sendOver), (exchange) => {
          if (isSent) stalls.ended();
          underWay.delete(stop);
          resolve(exchange);
        });
        underWay.add(stop);
        if (isClosed) stop(STOPPED);
        else if (isAbandoned && holder.gather !== undefined) stop(STOPPED, true);
      }),
    abandon() {
      isAbandoned = true;
      for (const stop of underWay) stop(STOPPED, true);
    },
    close() {
      isClosed = true;
      stalls.close();
      for (const stop of underWay) stop(STOPPED);
      http1.close();
      for (const { close } of http2ByOrigin.values()) close();
    },
  };
}

const STOPPED = new ReplyError('aborted', 'the run was stopped');

/** Sends over HTTP/2 or not, once that is known. */
function chosen(http2: boolean | Promise<boolean>, sendOver: (http2: boolean) => Send): Send {
  if (typeof http2 === 'boolean') return sendOver(http2);
  return (request, events) => {
    let breakOff: (() => void) | undefined;
    let broken = false;
    http2.then(
      (isHttp2) => {
        if (!broken) breakOff = sendOver(isHttp2)(request, events);
      },
      (error) => {
        if (!broken) events.failed(error, false);
      },
    );
    return () => {
      broken = true;
      breakOff?.();
    };
  };
}

const originOf = ({ secure, host, port }: OutgoingRequest) => `${secure ? 'https' : 'http'}://${host}:${port}`;
