/** A URL that may be shown: without credentials, query and fragment, any of which may hold a secret. */
export function publicUrl(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return origin + (pathname === '/' ? '' : pathname);
}
