import { InputError, withStars } from '../../config/index.ts';
import { type OutgoingRequest, withoutHeaders } from '../../gate/index.ts';
import { serverNameOf } from './tls.ts';

export interface HarmlessRequest {
  /** Base URL of the target. */
  readonly target: string;
  /** Path below the target, or an absolute URL; its placeholders are filled in. */
  readonly path: string;
  /** Default: GET. */
  readonly method?: 'GET' | 'POST';
  /** The body, if any. */
  readonly json?: unknown;
  /** Headers on top of the contender's. */
  readonly headers?: Readonly<Record<string, string | number>>;
  /**
   * The headers of a contender, names and values in turn: the request is signed in as that contender. Another origin than
   * the target's does not get them.
   */
  readonly rawHeaders: readonly string[];
  /** Options for `tls.connect`. Another origin gets no certificate of ours. */
  readonly tls: Readonly<Record<string, unknown>>;
}

const IS_URL = /^https?:\/\//;

/** Whether a path is a URL of another origin than the target's. */
export const isElsewhere = (path: string, target: string): boolean =>
  IS_URL.test(path) && URL.parse(path)?.origin !== new URL(target).origin;

/**
 * A request that changes nothing, sent in the name of a contender: for the rehearsal and for the read-back.
 *
 * @throws InputError if the path begins like a URL and is none
 */
export function harmlessRequest({ target, path, json, rawHeaders, tls, ...more }: HarmlessRequest): OutgoingRequest {
  const { method = 'GET', headers = {} } = more;
  const url = IS_URL.test(path) ? urlOf(path) : urlBelow(target, path);
  const isAtTarget = url.origin === new URL(target).origin;
  const secure = url.protocol === 'https:';
  const body = Buffer.from(json === undefined ? '' : JSON.stringify(json));
  const own = {
    ...(json !== undefined && { 'Content-Type': 'application/json' }),
    ...(method === 'POST' && { 'Content-Length': body.length }),
    ...headers,
  };
  const ownNames = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const personal = withoutHeaders(isAtTarget ? personalHeaders(rawHeaders) : [], (name) => ownNames.has(name));
  return {
    secure,
    host: hostOf(url),
    port: Number(url.port || (secure ? 443 : 80)),
    method,
    path: url.pathname + url.search,
    rawHeaders: [
      'Host',
      url.host,
      ...personal,
      ...Object.entries(own).flatMap(([name, value]) => [name, String(value)]),
    ],
    headers: { host: url.host },
    body,
    tls: secure ? { ...serverNameOf(hostOf(url)), ...(isAtTarget ? tls : trustIn(tls)) } : {},
  };
}

/** Whom to trust, without who we are. */
const trustIn = (tls: HarmlessRequest['tls']) =>
  Object.fromEntries(Object.entries(tls).filter(([name]) => ['ca', 'rejectUnauthorized'].includes(name)));

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new InputError(`${withStars(text)} is not a URL`);
  return url;
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

/** The contender's headers, without those about its body, its conditions, its host, its order and its trace. */
const personalHeaders = (rawHeaders: readonly string[]) =>
  withoutHeaders(rawHeaders, (name) => /^(content-|if-|host$|idempotency-|trace(parent|state)$)/.test(name));
