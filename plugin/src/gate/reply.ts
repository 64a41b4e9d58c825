import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type ReceivedAnswer, type Reply, ReplyError } from './exchange.ts';

/** Status and headers of an answer. */
export interface ReplyHead {
  readonly statusCode?: number | undefined;
  readonly statusMessage?: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
}

/** An answer that is being read. */
export interface Reading {
  /** What has come of the answer; undefined if its status is not valid, because it is no answer then. */
  readonly soFar: () => ReceivedAnswer | undefined;
  /**
   * The answer, once it has ended, or once its body has become larger than `maxBodyBytes`: then it is partial, and what was
   * not kept waits in `rest`. The promise is rejected if the connection breaks, and with a {@link ReplyError} if the status is
   * not valid.
   */
  readonly whole: Promise<Reply & { kind: 'complete' | 'partial' }>;
}

/** Reads the body of an answer, up to so many bytes. */
export function readReply(head: ReplyHead, body: Readable, maxBodyBytes: number): Reading {
  const { statusCode: status = 0, statusMessage = '', rawHeaders, headers } = head;
  // Node accepts any three digits, but HTTP does not (RFC 9110, 15).
  if (status < 200 || status > 599) {
    body.destroy();
    const invalid = new ReplyError('unreadable', `${status} is not an HTTP status`);
    return { soFar: () => undefined, whole: Promise.reject(invalid) };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const soFar = (): ReceivedAnswer => {
    const bodyBytes = Math.min(size, maxBodyBytes);
    let body: Buffer | undefined;
    return {
      status,
      statusMessage,
      rawHeaders,
      headers,
      bodyBytes,
      // Put together when it is first asked for: that takes its time, and other contenders may still wait for their answers.
      get body() {
        body ??= Buffer.concat(chunks, bodyBytes);
        return body;
      },
    };
  };
  const whole = new Promise<Reply & { kind: 'complete' | 'partial' }>((resolve, reject) => {
    const keep = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBodyBytes) return;
      body.off('data', keep).pause();
      body.unshift(chunk.subarray(chunk.length - (size - maxBodyBytes)));
      const error = `the answer is larger than ${maxBodyBytes} bytes`;
      resolve(Object.assign(soFar(), { kind: 'partial' as const, failure: 'unreadable' as const, error, rest: body }));
    };
    body.on('data', keep);
    body.on('error', reject);
    body.on('end', () => resolve(Object.assign(soFar(), { kind: 'complete' as const })));
  });
  return { soFar, whole };
}
