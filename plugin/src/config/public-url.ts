/** A URL that may be shown: without credentials, query and fragment, any of which may hold a secret. */
export function publicUrl(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return origin + (pathname === '/' ? '' : pathname);
}

/** Credentials before a host; also where the `//` is missing, and where a password holds a `/`. A port is none. */
const CREDENTIALS =
  /^((?:[a-z][\w+.-]*:)?\/\/)[^/]*@|^((?:[a-z][\w+.-]*:)?\/\/|https?:|)[^/:]*:(?!\/\/|\d{1,5}(?:\/|$)).*@/is;
const PATTERN = /^\/.*\/[dgimsuvy]*$/s;

/**
 * A text as a message may show it if it may be a path or a URL, a wrong one too: with stars in place of credentials, query and
 * fragment, any of which may hold a secret. A pattern such as `/sold?/i` stays.
 */
export function withStars(text: string): string {
  const query = PATTERN.test(text) ? /[?#][\w%.~[\]-]+=.*$/s : /(?<=\/[^?#]*)[?#].*$|[?#][\w%.~[\]-]+=.*$/s;
  return text
    .replace(query, (part) => `${part[0]}***`)
    .replace(CREDENTIALS, (_all, slashes: string | undefined, scheme: string) => `${slashes ?? scheme}***@`);
}
