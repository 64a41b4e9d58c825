import { isUtf8 } from 'node:buffer';
import type { Outcome, RecordedRequest } from '../../../model/index.ts';
import type { Blotter } from './secrets/index.ts';

/** So many requests of a round are kept by one thread. Whoever was refused sent the same as the winners. */
const KEPT = { granted: 20, refused: 3 } as const;

/** A longer body is not kept, nor is one that is not text. In bytes. */
const MAX_BODY = 4096;
/** With a longer head, in characters, the request is not kept. */
const MAX_HEAD = 8192;

/** A request on its way, as far as it is kept. */
export interface RequestOnTheWire {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  readonly tls: Readonly<Record<string, unknown>>;
}

/** What the history keeps of a request; undefined where enough of its round are kept. */
export type KeepRequest = (round: number, outcome: Outcome, request: RequestOnTheWire) => RecordedRequest | undefined;

export function createRequestKeeper(blotter: Pick<Blotter, 'text' | 'find'>): KeepRequest {
  const kept = { granted: new Map<number, number>(), refused: new Map<number, number>() };
  return (round, outcome, request) => {
    const kind = outcome === 'fail' ? 'refused' : 'granted';
    const count = kept[kind].get(round) ?? 0;
    if (count >= KEPT[kind]) return undefined;
    const recorded = recordedRequest(request, blotter);
    if (recorded !== undefined) kept[kind].set(round, count + 1);
    return recorded;
  };
}

/** How an authorization begins: that is no secret. */
const SCHEME = /^(?:basic|bearer|token|dpop) +(?=\S)/i;

/** What a client sets by itself, or what belongs to the one time that it was sent. */
const NOT_REPEATED = new Set(['connection', 'content-length', 'accept-encoding', 'traceparent', 'tracestate']);

function recordedRequest(
  { secure, host, port, method, path, rawHeaders, body, tls }: RequestOnTheWire,
  { text, find }: Pick<Blotter, 'text' | 'find'>,
): RecordedRequest | undefined {
  const authority = authorityOf(secure, host, port);
  const url = text(`${secure ? 'https' : 'http'}://${authority}${path}`);
  const headers = pairsOf(rawHeaders)
    .filter(([name, value]) => !NOT_REPEATED.has(name) && !(name === 'host' && value === authority))
    .map(([name, value]): [string, string] => [name, hidden(name, value)]);
  // A part of a request would be another request.
  if (JSON.stringify([method, url, headers]).length > MAX_HEAD) return undefined;
  return {
    method,
    url,
    headers,
    ...bodyOf(body, text),
    ...(tls.rejectUnauthorized === false && { isTlsUnchecked: true as const }),
  };

  function hidden(name: string, value: string): string {
    const scheme = name.endsWith('authorization') ? value.match(SCHEME)?.[0] : undefined;
    if (scheme !== undefined) return `${scheme}***`;
    const shown = text(value);
    return shown === value && find.isSecret(name, value) ? '***' : shown;
  }
}

function bodyOf(body: Uint8Array, text: Blotter['text']): Pick<RecordedRequest, 'body' | 'bodyBytes' | 'isBinary'> {
  if (body.length === 0) return {};
  if (!isUtf8(body) || body.includes(0)) return { bodyBytes: body.length, isBinary: true };
  if (body.length > MAX_BODY) return { bodyBytes: body.length };
  return { body: text(Buffer.from(body).toString()) };
}

/** As a URL has it: without the usual port, and an IPv6 address in brackets. */
function authorityOf(secure: boolean, host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (secure ? 443 : 80) ? name : `${name}:${port}`;
}

function pairsOf(rawHeaders: readonly string[]): [name: string, value: string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as [string, string]] : [],
  );
}

/** The trace id of the request's `traceparent`; undefined without one that the W3C standard allows. */
export function traceIdIn(rawHeaders: readonly string[]): string | undefined {
  const written = pairsOf(rawHeaders).find(([name]) => name === 'traceparent')?.[1];
  const id = written?.trim().match(/^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/)?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}
