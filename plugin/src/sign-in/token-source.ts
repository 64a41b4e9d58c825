import type { IssuedToken } from './token-request.ts';

/** Gives a token that stays valid for a while. */
export type TokenSource = () => Promise<string>;

/** A token is renewed this long before it expires, or a tenth of its lifetime before, if that is shorter. */
const LARGEST_MARGIN_MS = 30_000;

/**
 * Keeps the token of one identity. It requests the token when it is first needed, and again before it expires. Callers that
 * wait at the same time share one request. If it fails, all of them fail, and the next call tries again. A token without a
 * lifetime is kept for ever.
 *
 * @param request fetches a token
 * @param now a monotonic clock, in milliseconds
 */
export function createTokenSource(request: () => Promise<IssuedToken>, now: () => number): TokenSource {
  let current: { readonly token: string; readonly renewAtMs: number } | undefined;
  let pending: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    // The lifetime began at the server some time after this, so counting from here is on the safe side.
    const askedAtMs = now();
    const { token, lifetimeMs = Number.POSITIVE_INFINITY } = await request();
    current = { token, renewAtMs: askedAtMs + lifetimeMs - Math.min(LARGEST_MARGIN_MS, lifetimeMs / 10) };
    return token;
  };

  return async () => {
    if (current !== undefined && now() < current.renewAtMs) return current.token;
    pending ??= renew().finally(() => {
      pending = undefined;
    });
    return pending;
  };
}
