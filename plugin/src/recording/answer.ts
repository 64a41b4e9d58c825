import zlib from 'node:zlib';
import { isDeeperThan, parseJson, parseJsonExactly } from '../../../model/json.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface Head {
  readonly status: number;
  /** The names are in lower case. */
  readonly headers: Headers;
  /** Names and values in turn, as they came: a header may come several times. Default: as `headers` has them. */
  readonly rawHeaders?: readonly string[];
}

interface Failure {
  readonly failure: 'timeout' | 'reset' | 'unreachable' | 'unreadable' | 'aborted';
  readonly error: string;
}

/** What the wire gave: a complete answer, an answer whose rest was lost, or how it broke before any answer. */
export type WireReply =
  /** The body is as it was sent, so it may be compressed. */
  | ({ readonly kind: 'complete'; readonly body: Uint8Array } & Head)
  /** The body is the part that arrived. */
  | ({ readonly kind: 'partial'; readonly body: Uint8Array } & Head & Failure)
  | ({ readonly kind: 'broken' } & Failure);

/** An answer with its body unpacked: what conditions and JSONPaths look at. */
export interface ReadableAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The lines of a header, whatever the case of its name. */
  readonly header: (name: string) => readonly string[];
  readonly text: string;
  /** Undefined where the text is not JSON, and where a part of it is lost. */
  readonly json: unknown;
  /** The JSON once more, with each number as it is written where JavaScript would write it differently: `"1.50"`. */
  readonly exact: () => unknown;
  /**
   * Whether an API can have meant the body. It cannot where the body claims to be JSON and is not (it was cut short), and
   * where it is a page for people, such as the error page of a proxy or a sign-in form.
   */
  readonly isSound: boolean;
  readonly isPage: boolean;
  /** Why the body, or the rest of it, cannot be read; undefined where it was read. */
  readonly lost: string | undefined;
}

/**
 * Unpacks a body by its Content-Encoding and reads it. Never throws.
 *
 * @param maxBytes a body that unpacks to more is lost
 */
export function readAnswer(reply: Exclude<WireReply, { kind: 'broken' }>, maxBytes: number): ReadableAnswer {
  const { status, headers } = reply;
  const isPartial = reply.kind === 'partial';
  const unpacked = unpack(reply.body, headers, maxBytes);
  const text = typeof unpacked === 'string' ? unpacked.replace(/^\uFEFF/, '') : '';
  const lost = isPartial
    ? `${reply.failure}: ${reply.error}`
    : typeof unpacked === 'string'
      ? undefined
      : unpacked.error;
  const json = isPartial ? undefined : parseJson(text);
  const claimsJson = /[/+]json\b/i.test(first(headers['content-type']) ?? '') && text.trim() !== '';
  // A redirect comes with a page of the framework that nobody sees.
  const isPage = json === undefined && PAGE.test(text) && !isRedirect(status);
  const isSound = lost === undefined && (json !== undefined || !(claimsJson || isPage));
  const exact = () => (json === undefined ? undefined : parseJsonExactly(text));
  const header = (name: string) => linesOf(reply, name.toLowerCase());
  return { status, headers, header, text, json, exact, isSound, isPage, lost };
}

/** On more levels, a JSONPath with `..` finds nothing, and nothing may mean "free"; a thousand times as many fill the stack. */
const MAX_LEVELS = 48;

/** An answer that can be searched as a whole: where it is nested too deep for that, its JSON is lost. */
export const searchable = (answer: ReadableAnswer): ReadableAnswer =>
  isDeeperThan(MAX_LEVELS, answer.json)
    ? { ...answer, json: undefined, exact: () => undefined, lost: `it is nested more than ${MAX_LEVELS} levels deep` }
    : answer;

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** @param wanted the name in lower case */
function linesOf({ headers, rawHeaders = [] }: Head, wanted: string): readonly string[] {
  const lines = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);
  return lines.length > 0 ? lines : [headers[wanted] ?? []].flat();
}

/** Whether a body unpacks as its Content-Encoding says, to at most so many bytes. */
export const isPackedWell = (body: Uint8Array, headers: Headers, maxBytes: number): boolean =>
  headers['content-encoding'] === undefined || typeof unpack(body, headers, maxBytes) === 'string';

const PAGE = /^\s*<(!doctype\s+html|html|head|body)\b/i;

const first = (value: string | string[] | undefined) => [value].flat()[0];

function unpack(body: Uint8Array, headers: Headers, maxBytes: number): string | { readonly error: string } {
  const encoding = first(headers['content-encoding'])?.trim().toLowerCase() ?? '';
  try {
    return decompress(body, encoding, { maxOutputLength: maxBytes }).toString();
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { error: isTooLarge ? `it unpacks to more than ${maxBytes} bytes` : `it does not unpack as ${encoding}` };
  }
}

type Limit = { readonly maxOutputLength: number };

function decompress(body: Uint8Array, encoding: string, options: Limit): Buffer {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync(body, options);
    case 'deflate':
      return inflate(body, options);
    case 'br':
      return zlib.brotliDecompressSync(body, options);
    case 'zstd':
      return zlib.zstdDecompressSync(body, options);
    default:
      return Buffer.from(body);
  }
}

/** Some servers send raw deflate data, without the zlib wrapping that RFC 9110 (8.4.1.2) asks for. */
function inflate(body: Uint8Array, options: Limit): Buffer {
  try {
    return zlib.inflateSync(body, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error;
    return zlib.inflateRawSync(body, options);
  }
}
