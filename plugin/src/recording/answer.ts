import zlib from 'node:zlib';
import { parseJson } from '../../../model/json.ts';

/** How far a body is unpacked; a larger one is unreadable. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What the wire gave: a complete answer, or how it broke. */
export type WireReply =
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly headers: Headers;
      /** As sent: it may be packed. */
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'broken';
      readonly failure: 'timeout' | 'reset' | 'unreachable' | 'unreadable' | 'aborted';
      readonly error: string;
    };

type CompleteReply = WireReply & { kind: 'complete' };

/** A complete answer with its body unpacked: what conditions and JSONPaths look at. */
export interface ReadableAnswer {
  readonly status: number;
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly json: unknown;
  /**
   * Whether an API can have meant the body. It cannot where the body does not unpack, where it claims to be JSON and is not
   * (it was cut short), and where it is a page for people, such as the error page of a proxy or a sign-in form.
   */
  readonly isSound: boolean;
}

/** Unpacks a body by its Content-Encoding and reads it. Never throws: the text of a body that does not unpack is empty. */
export function readAnswer({ status, headers, body }: Omit<CompleteReply, 'kind'>): ReadableAnswer {
  const unpacked = unpack(body, headers);
  const text = unpacked?.replace(/^\uFEFF/, '') ?? '';
  const json = parseJson(text);
  const claimsJson = /[/+]json\b/i.test(first(headers['content-type']) ?? '') && text.trim() !== '';
  const isSound = json !== undefined || (unpacked !== undefined && !claimsJson && !PAGE.test(text));
  return { status, text, json, isSound };
}

/** Whether a body unpacks as its Content-Encoding says. */
export const isPackedWell = (body: Uint8Array, headers: Headers): boolean =>
  headers['content-encoding'] === undefined || unpack(body, headers) !== undefined;

const PAGE = /^\s*<(!doctype\s+html|html|head|body)\b/i;

const first = (value: string | string[] | undefined) => [value].flat()[0];

function unpack(body: Uint8Array, headers: Headers): string | undefined {
  const encoding = first(headers['content-encoding'])?.trim().toLowerCase();
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return zlib.gunzipSync(body, options).toString();
      case 'deflate':
        return inflate(body, options).toString();
      case 'br':
        return zlib.brotliDecompressSync(body, options).toString();
      case 'zstd':
        return zlib.zstdDecompressSync(body, options).toString();
      default:
        return Buffer.from(body).toString();
    }
  } catch {
    return undefined;
  }
}

/** Some servers send raw deflate data, without the zlib wrapping that RFC 9110 (8.4.1.2) asks for. */
function inflate(body: Uint8Array, options: zlib.ZlibOptions): Buffer {
  try {
    return zlib.inflateSync(body, options);
  } catch {
    return zlib.inflateRawSync(body, options);
  }
}
