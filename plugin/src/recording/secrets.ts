const MASK = '***';
/** Shorter values would blot out ordinary words. */
const MIN_SECRET_LENGTH = 6;

const SECRET_HEADER = /^(authorization|proxy-authorization|cookie)$|token|secret|api-?key|password|session/i;
/** `"access_token": "…"` and the like, in a JSON text. */
const SECRET_FIELD =
  /("[\w-]*(?:token|password|secret|api_?key|authorization|cookie)[\w-]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;

/**
 * The secrets that a request carried, from its headers: whole values; of credentials what follows the scheme; of cookies
 * the values. The words around them (`Bearer`, the names of cookies) are none, and stand in order ids as well.
 */
export function secretsOf(headers: Readonly<Record<string, string | string[] | undefined>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .flatMap(([name, value]) => [value ?? []].flat().flatMap((text) => secretsIn(name.toLowerCase(), text)))
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

function secretsIn(header: string, text: string): string[] {
  if (header === 'cookie') return [text, ...text.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1))];
  return /authorization$/.test(header) ? [text, text.slice(text.indexOf(' ') + 1)] : [text];
}

/** The ways in which a server may write a secret down again: as it is, in JSON, in JSON as PHP writes it, in a URL. */
const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  encodeURIComponent(secret),
  encodeURI(secret),
];

/** The text with the secrets, and the values of fields that are secret by their name, replaced by `***`. */
export function blotOut(text: string, secrets: readonly string[]): string {
  const forms = [...new Set(secrets.flatMap(formsOf))];
  const longestFirst = forms.toSorted((a, b) => b.length - a.length);
  const known = longestFirst.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
  return known.replace(SECRET_FIELD, `$1"${MASK}"`);
}
