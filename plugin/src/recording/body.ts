import zlib from 'node:zlib';
import { parseJson } from '../../../model/json.ts';

/** How far a body is unpacked; a larger one is taken as unreadable. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/** A body as text, and as JSON where it is JSON. */
export interface ReadableBody {
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly json: unknown;
  /**
   * Whether an API can have meant it. Not so: what cannot be unpacked, what is said to be JSON and is not (it was cut short),
   * and a page for people, such as a proxy's error page or a form to sign in.
   */
  readonly isSound: boolean;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Unpacks a body by its Content-Encoding and reads it. Never throws: what cannot be unpacked has an empty text. */
export function readBody(bytes: Uint8Array, headers: Headers): ReadableBody {
  const unpacked = unpack(bytes, headers);
  const text = unpacked?.replace(/^\uFEFF/, '') ?? '';
  const json = parseJson(text);
  const isSaidToBeJson = /[/+]json\b/i.test(first(headers['content-type']) ?? '') && text.trim() !== '';
  const isSound = json !== undefined || (unpacked !== undefined && !isSaidToBeJson && !PAGE.test(text));
  return { text, json, isSound };
}

/** Whether a body is packed as its Content-Encoding says. */
export const isPackedWell = (bytes: Uint8Array, headers: Headers): boolean =>
  headers['content-encoding'] === undefined || unpack(bytes, headers) !== undefined;

const PAGE = /^\s*<(!doctype\s+html|html|head|body)\b/i;

const first = (value: string | string[] | undefined) => [value].flat()[0];

function unpack(bytes: Uint8Array, headers: Headers): string | undefined {
  const encoding = first(headers['content-encoding'])?.trim().toLowerCase();
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return zlib.gunzipSync(bytes, options).toString();
      case 'deflate':
        return inflated(bytes, options).toString();
      case 'br':
        return zlib.brotliDecompressSync(bytes, options).toString();
      case 'zstd':
        return zlib.zstdDecompressSync(bytes, options).toString();
      default:
        return Buffer.from(bytes).toString();
    }
  } catch {
    return undefined;
  }
}

/** Some send it raw, without the wrapping that the standard asks for (RFC 9110, 8.4.1.2). */
function inflated(bytes: Uint8Array, options: zlib.ZlibOptions): Buffer {
  try {
    return zlib.inflateSync(bytes, options);
  } catch {
    return zlib.inflateRawSync(bytes, options);
  }
}
