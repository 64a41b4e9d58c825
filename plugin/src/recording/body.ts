import zlib from 'node:zlib';

/** How far a body is unpacked; a larger one is taken as unreadable. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/** A body as text, and as JSON where it is JSON. */
export interface ReadableBody {
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly json: unknown;
}

/** Unpacks a body by its Content-Encoding and reads it. Never throws: what cannot be unpacked has an empty text. */
export function readBody(bytes: Uint8Array, contentEncoding: string | undefined): ReadableBody {
  const text = unpack(bytes, contentEncoding?.trim().toLowerCase() ?? 'identity');
  return { text, json: parse(text) };
}

function unpack(bytes: Uint8Array, encoding: string): string {
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return zlib.gunzipSync(bytes, options).toString();
      case 'deflate':
        return zlib.inflateSync(bytes, options).toString();
      case 'br':
        return zlib.brotliDecompressSync(bytes, options).toString();
      case 'zstd':
        return zlib.zstdDecompressSync(bytes, options).toString();
      default:
        return Buffer.from(bytes).toString();
    }
  } catch {
    return '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
