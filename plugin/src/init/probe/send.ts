import http from 'node:http';
import https from 'node:https';
import type { WireReply } from '../../recording/index.ts';
import { MAX_BODY_BYTES } from './evidence.ts';

/** A request with nothing left to fill in. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array | undefined;
}

/** Longer than any answer to a booking takes. */
export const TIMEOUT_MS = 10_000;

/**
 * Sends one request and reads the answer: redirects are not followed, and nothing is sent a second time. Never throws.
 *
 * @param timeoutMs for the whole answer
 */
export function send({ method, url, headers, body }: Outgoing, timeoutMs = TIMEOUT_MS): Promise<WireReply> {
  return new Promise((resolve) => {
    const broken = (error: Error) => resolve(brokenBy(error, timeoutMs));
    try {
      const request = (url.startsWith('https:') ? https : http).request(url, {
        method,
        headers: headersOf(headers, body),
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.once('error', broken);
      request.once('response', (response) => void replyOf(response).then(resolve, broken));
      request.end(body);
    } catch (error) {
      broken(error as Error);
    }
  });
}

/** Several lines of one name stay several. */
function headersOf(headers: Outgoing['headers'], body: Outgoing['body']): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const known = all[name.toLowerCase()];
    all[name.toLowerCase()] = known === undefined ? value : [known, value].flat();
  }
  if (body !== undefined) all['content-length'] = String(Buffer.byteLength(body));
  return all;
}

async function replyOf(response: http.IncomingMessage): Promise<WireReply> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      response.destroy();
      return { kind: 'broken', failure: 'unreadable', error: `the answer is longer than ${MAX_BODY_BYTES / 1024} KiB` };
    }
    chunks.push(chunk);
  }
  const { statusCode = 0, headers, rawHeaders } = response;
  return { kind: 'complete', status: statusCode, headers, rawHeaders, body: Buffer.concat(chunks) };
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function brokenBy(error: Error, timeoutMs: number): WireReply {
  const { code = '' } = error as NodeJS.ErrnoException;
  const cause = (error as { cause?: { name?: string } }).cause;
  if (error.name === 'TimeoutError' || cause?.name === 'TimeoutError' || code === 'ABORT_ERR') {
    return { kind: 'broken', failure: 'timeout', error: `no whole answer within ${timeoutMs / 1000} s` };
  }
  return { kind: 'broken', failure: UNREACHABLE.has(code) ? 'unreachable' : 'reset', error: error.message || code };
}
