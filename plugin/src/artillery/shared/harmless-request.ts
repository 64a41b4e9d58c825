import { type OutgoingRequest, withoutHeaders } from '../../gate/index.ts';
import { serverNameOf } from './tls.ts';

export interface HarmlessRequest {
  /** Base URL of the target. */
  readonly target: string;
  /** Path below it; a part in braces becomes the key of the inventory. */
  readonly path: string;
  readonly inventory: string;
  /** The headers of a contender, names and values in turn: who asks is signed in as one of them. */
  readonly rawHeaders: readonly string[];
  /** What `tls.connect` is told. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/** A GET that only looks, sent as a contender: for the rehearsal and for the read-back. */
export function harmlessRequest({ target, path, inventory, rawHeaders, tls }: HarmlessRequest): OutgoingRequest {
  const url = urlBelow(target, path.replace(/\{\w+\}/, encodeURIComponent(inventory)));
  const secure = url.protocol === 'https:';
  return {
    secure,
    host: hostOf(url),
    port: Number(url.port || (secure ? 443 : 80)),
    method: 'GET',
    path: url.pathname + url.search,
    rawHeaders: ['Host', url.host, ...withoutBodyHeaders(rawHeaders)],
    headers: { host: url.host },
    body: Buffer.alloc(0),
    tls: secure ? { ...serverNameOf(hostOf(url)), ...tls } : {},
  };
}

/** A path, maybe with a query, below a base URL, which may have a query of its own. */
function urlBelow(base: string, path: string): URL {
  const url = new URL(base);
  const [pathname = '', query] = path.split(/\?(.*)/s);
  url.pathname = url.pathname.replace(/\/+$/, '') + pathname;
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  url.hash = '';
  return url;
}

/** The host of a URL as `net.connect` takes it: an IPv6 address without brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** The contender's headers, without those that speak of its body, its host or its one order. */
const withoutBodyHeaders = (rawHeaders: readonly string[]) =>
  withoutHeaders(rawHeaders, (name) => /^(content-|host$|idempotency-)/.test(name));
