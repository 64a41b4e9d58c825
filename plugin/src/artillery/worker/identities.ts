import type { IncomingHttpHeaders } from 'node:http';

/**
 * Numbers the identities of the requests of this thread, in the order in which they come: the same number is the same
 * authorization header, or where there is none, the same cookies. Undefined for a request without either. A number tells
 * nothing about the secret, unlike a digest of a short password.
 */
export function createIdentities(): (headers: IncomingHttpHeaders) => number | undefined {
  const numbers = new Map<string, number>();
  return ({ authorization, cookie }) => {
    const secret = authorization ?? cookie;
    if (secret === undefined) return undefined;
    const number = numbers.get(secret) ?? numbers.size + 1;
    numbers.set(secret, number);
    return number;
  };
}
