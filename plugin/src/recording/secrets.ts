const MASK = '***';
/** Shorter values would blot out ordinary words. */
const MIN_SECRET_LENGTH = 6;

const SECRET_HEADER = /^(authorization|proxy-authorization|cookie)$|token|secret|api-?key|password|session/i;
/** `"access_token": "…"` and the like, in a JSON text. */
const SECRET_FIELD =
  /("[\w-]*(?:token|password|secret|api_?key|authorization|cookie)[\w-]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;

/** The secrets that a request carried: tokens, cookie values and keys, from its headers. */
export function secretsOf(headers: Readonly<Record<string, string | string[] | undefined>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .flatMap(([, value]) => [value ?? []].flat())
    .flatMap((value) => [value, ...value.split(/[\s;,=]+/)])
    .filter((value) => value.length >= MIN_SECRET_LENGTH);
}

/** The text with the secrets, and the values of fields that are secret by their name, replaced by `***`. */
export function blotOut(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length);
  const known = longestFirst.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
  return known.replace(SECRET_FIELD, `$1"${MASK}"`);
}
