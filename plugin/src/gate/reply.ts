import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type Reply, ReplyError } from './exchange.ts';

/** Status and headers of an answer. */
export interface ReplyHead {
  readonly statusCode?: number | undefined;
  readonly statusMessage?: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
}

/**
 * Reads the body of an answer, and returns the whole. The promise is rejected if the connection breaks, and with a
 * {@link ReplyError} if the status is not valid or the body is larger than `maxBodyBytes`.
 */
export function readReply(head: ReplyHead, body: Readable, maxBodyBytes: number): Promise<Reply> {
  const status = head.statusCode ?? 0;
  return new Promise((resolve, reject) => {
    // Node accepts any three digits, but HTTP does not (RFC 9110, 15).
    if (status < 200 || status > 599) {
      body.destroy();
      reject(new ReplyError('unreadable', `${status} is not an HTTP status`));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBodyBytes) {
        body.destroy(new ReplyError('unreadable', `the answer is larger than ${maxBodyBytes} bytes`));
      }
    });
    body.on('error', reject);
    body.on('end', () =>
      resolve({
        kind: 'complete',
        status,
        statusMessage: head.statusMessage ?? '',
        rawHeaders: head.rawHeaders,
        headers: head.headers,
        body: Buffer.concat(chunks),
      }),
    );
  });
}
