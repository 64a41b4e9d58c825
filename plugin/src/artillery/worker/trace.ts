import { randomBytes } from 'node:crypto';
import type { OutgoingRequest } from '../../gate/index.ts';

/**
 * The header by which a request is traced (W3C Trace Context, level 1): a fresh trace id, and the flag "sampled". Empty for a
 * request that carries a `traceparent` already, which Artillery or the suite has set.
 */
export function newTrace({ rawHeaders }: Pick<OutgoingRequest, 'rawHeaders'>): readonly string[] {
  const isTraced = rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'traceparent');
  return isTraced ? [] : ['traceparent', `00-${randomId(16)}-${randomId(8)}-01`];
}

/** Random hexadecimal digits that are not all zero, which the standard forbids. */
function randomId(bytes: number): string {
  const id = randomBytes(bytes);
  return id.some((byte) => byte !== 0) ? id.toString('hex') : randomId(bytes);
}
