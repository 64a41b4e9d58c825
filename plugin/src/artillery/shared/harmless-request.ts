import { type OutgoingRequest, withoutHeaders } from '../../gate/index.ts';
import { serverNameOf } from './tls.ts';

export interface HarmlessRequest {
  /** Base URL of the target. */
  readonly target: string;
  /** Path below the target; a part in braces becomes the key of the inventory. */
  readonly path: string;
  readonly inventory: string;
  /** The headers of a contender, names and values in turn: the request is signed in as that contender. */
  readonly rawHeaders: readonly string[];
  /** Options for `tls.connect`. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/** A GET that changes nothing, sent in the name of a contender: for the rehearsal and for the read-back. */
export function harmlessRequest({ target, path, inventory, rawHeaders, tls }: HarmlessRequest): OutgoingRequest {
  const url = urlBelow(target, path.replace(/\{\w+\}/, encodeURIComponent(inventory)));
  const secure = url.protocol === 'https:';
  return {
    secure,
    host: hostOf(url),
    port: Number(url.port || (secure ? 443 : 80)),
    method: 'GET',
    path: url.pathname + url.search,
    rawHeaders: ['Host', url.host, ...personalHeaders(rawHeaders)],
    headers: { host: url.host },
    body: Buffer.alloc(0),
    tls: secure ? { ...serverNameOf(hostOf(url)), ...tls } : {},
  };
}

/** Appends a path to a base URL. Both may have a query. */
function urlBelow(base: string, path: string): URL {
  const url = new URL(base);
  const [pathname = '', query] = path.split(/\?(.*)/s);
  url.pathname = url.pathname.replace(/\/+$/, '') + pathname;
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  url.hash = '';
  return url;
}

/** The host of a URL for `net.connect`: an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** The contender's headers, without those about its body, its host and its order. */
const personalHeaders = (rawHeaders: readonly string[]) =>
  withoutHeaders(rawHeaders, (name) => /^(content-|host$|idempotency-)/.test(name));
