import { createHash } from 'node:crypto';

/** Long enough to tell a handful of requests apart, and too short to find out what is in them. */
const LENGTH = 8;

/** The beginning of the SHA-256 of method, path and body: it tells requests apart that share an idempotency key. */
export function fingerprintOf(request: {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}): string {
  const hash = createHash('sha256').update(`${request.method} ${request.path}\n`).update(request.body);
  return hash.digest('hex').slice(0, LENGTH);
}
