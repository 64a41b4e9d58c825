import type { IssuedToken } from './token-request.mts';

/** Gives a token that is still good for a while. */
export type TokenSource = () => Promise<string>;

/** A token is renewed this long before it expires, or a tenth of its lifetime where that is less. */
const LARGEST_MARGIN_MS = 30_000;

/**
 * Keeps one identity's token: fetched when first asked for, renewed before it expires, and by one request at a time,
 * however many ask. A token without a stated lifetime is kept for good. A failed fetch fails all who wait for it; the
 * next one who asks tries again.
 *
 * @param request fetches a token
 * @param now a monotonic clock, in milliseconds
 */
export function createTokenSource(request: () => Promise<IssuedToken>, now: () => number): TokenSource {
  let current: { readonly token: string; readonly renewAtMs: number } | undefined;
  let underWay: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    // Counted from before the request: the server's own count began somewhere between then and the answer.
    const askedAtMs = now();
    const { token, lifetimeMs = Number.POSITIVE_INFINITY } = await request();
    current = { token, renewAtMs: askedAtMs + lifetimeMs - Math.min(LARGEST_MARGIN_MS, lifetimeMs / 10) };
    return token;
  };

  return async () => {
    if (current !== undefined && now() < current.renewAtMs) return current.token;
    underWay ??= renew().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
