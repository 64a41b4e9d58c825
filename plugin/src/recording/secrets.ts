import { parseJson } from '../../../model/json.ts';
import type { Headers } from './body.ts';

const MASK = '***';
/** Shorter values would blot out ordinary words. */
const MIN_SECRET_LENGTH = 6;

const SECRET_WORD = 'token|secret|password|passwd|api[_-]?key|access[_-]?key|authorization|cookie';
const SECRET_NAME = new RegExp(SECRET_WORD, 'i');
const SECRET_HEADER = new RegExp(`${SECRET_WORD}|session|^x-auth`, 'i');

/**
 * `"access_token": "…"`, `"token": 123456` and the like, in a JSON text; and in a JSON text that is a string of another. The
 * repetitions are bounded, or exclude each other: a server may send any text, and must not be able to keep us busy with it.
 */
const SECRET_FIELD = secretField('"', '[^"\\\\]*(?:\\\\.[^"\\\\]*)*');
const QUOTED_SECRET_FIELD = secretField('\\\\"', '[^"\\\\]*(?:\\\\\\\\\\\\.[^"\\\\]*)*');

function secretField(quote: string, text: string): RegExp {
  const name = `${quote}[\\w-]{0,64}(?:${SECRET_WORD})[\\w-]{0,64}${quote}\\s{0,64}:\\s{0,64}`;
  return new RegExp(`(${name})(?:${quote}(${text})(?:${quote})?|(\\d{${MIN_SECRET_LENGTH},64}))`, 'gi');
}

/** A field of a `multipart/form-data` body: its name, and its value. */
const PART = /\bname="([^"\r\n]*)"(?:[^\r\n]*\r\n){1,9}?\r\n(.*?)\r\n--/gs;

/** A request, as far as it may hold secrets. */
export interface SentRequest {
  readonly headers: Headers;
  /** Path and query. */
  readonly path?: string;
  readonly body?: Uint8Array;
}

/**
 * The secrets that a request carried: in its headers, whole values, of credentials what follows the scheme, of cookies the
 * values; in its query and its body, the values of fields that are secret by their name. The words around them (`Bearer`,
 * the names of cookies) are none, and stand in order ids as well.
 *
 * @returns each in all ways in which a server may write it down again, the longest first
 */
export function secretsOf({ headers, path = '', body }: SentRequest): string[] {
  const inHeaders = Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .flatMap(([name, value]) => [value ?? []].flat().flatMap((text) => secretsIn(name.toLowerCase(), text)));
  const text = body === undefined ? '' : Buffer.from(body).toString();
  const inForms = [path.replace(/^[^?]*\??/, ''), /^\s*[[{]/.test(text) ? '' : text]
    .filter((form) => form.includes('='))
    .flatMap((form) => [...new URLSearchParams(form)]);
  const inParts = [...(text.startsWith('--') ? text : '').matchAll(PART)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const fields = [...inForms, ...inParts];
  const inFields = fields.flatMap(([name, value]) => (SECRET_NAME.test(name) ? value : []));
  const inJson = [text, ...fields.map(([, value]) => value)].flatMap(secretFieldsIn);
  const secrets = [...inHeaders, ...inFields, ...inJson]
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return [...new Set([...new Set(secrets)].flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
}

function secretsIn(header: string, text: string): string[] {
  if (header === 'cookie') return [text, ...cookieValues(text.split(';'))];
  // What follows the first pair are attributes, such as a path.
  if (header === 'set-cookie') return isTakenBack(text) ? [] : cookieValues(text.split(';', 1)).filter(isOneWord);
  if (!/authorization$/.test(header)) return [text];
  const credentials = text.slice(text.indexOf(' ') + 1);
  if (!/^basic /i.test(text)) return [text, credentials];
  const plain = Buffer.from(credentials, 'base64').toString();
  return [text, credentials, plain, plain.slice(plain.indexOf(':') + 1)];
}

/** A cookie that is deleted has a value such as `deleted`. */
const isTakenBack = (cookie: string) => /;\s*(max-age=0|expires=[^;]*\b1970\b)/i.test(cookie);

/** A cookie may hold a message for the next page. */
const isOneWord = (value: string) => !/\s|%20|\+/.test(value);

function cookieValues(pairs: readonly string[]): string[] {
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return [...values, ...values.map((value) => decoded(value.replace(/^"|"$/g, ''), decodeURIComponent))];
}

/** What the value says once it is decoded, or the value itself where it cannot be. */
function decoded(value: string, decode: (value: string) => unknown): string {
  try {
    return String(decode(value));
  } catch {
    return value;
  }
}

const secretFieldsIn = (text: string): string[] => [
  ...[...text.matchAll(SECRET_FIELD)].map(([, , its, number]) => number ?? unescaped(its ?? '')),
  ...secretsBelow(parseJson(text)),
];

/** More than anybody's, and few enough to be looked for in every answer. */
const MAX_LEAVES = 100;

/**
 * What lies deeper below a field that is secret by its name: `"tokens": [{ "value": "…" }]`. Beside the secret there may be
 * words, such as its type: one without a digit has to be long.
 *
 * @param json any value that was JSON
 */
export function secretsBelow(json: unknown): string[] {
  const found: string[] = [];
  const left = [{ value: json, isSecret: false, isDirect: true }];
  for (let its = left.pop(); its !== undefined && found.length < MAX_LEAVES; its = left.pop()) {
    const { value, isSecret, isDirect } = its;
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        const isNamed = !Array.isArray(value) && SECRET_NAME.test(name);
        left.push({ value: inner, isSecret: isSecret || isNamed, isDirect: isNamed });
      }
    } else if (isSecret && !isDirect && isLikeASecret(String(value))) found.push(String(value));
  }
  return found;
}

const isLikeASecret = (text: string) => text.length >= (/\d/.test(text) ? MIN_SECRET_LENGTH : 16);

const unescaped = (value: string) => decoded(value, (its) => JSON.parse(`"${its}"`));

/** The ways in which a server may write a secret down again: as it is, in JSON, in HTML, in a URL, in a form, packed. */
const formsOf = (secret: string): string[] => [
  secret,
  ...jsonFormsOf(JSON.stringify(secret).slice(1, -1)),
  ...htmlFormsOf(secret),
  inUrl(secret),
  inUrl(secret).replace(/%../g, (code) => code.toLowerCase()),
  encodeURI(secret.toWellFormed()),
  new URLSearchParams([['', secret]]).toString().slice(1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
];

/** As most write it, and as PHP, Python, Go, Gson and .NET do, which escape more than they must. */
const jsonFormsOf = (json: string): string[] => {
  const ascii = escaped(json, /[^\x20-\x7e]/g);
  return [
    ...[json, ascii].flatMap((form) => [form, form.replaceAll('/', '\\/')]),
    escaped(json, /[<>&]/g),
    escaped(json, /[<>&=']/g),
    escaped(json, /[^\x20-\x7e]|[<>&'+`]|\\"/g, (code) => code.toUpperCase()),
  ];
};

const escaped = (json: string, which: RegExp, spelling = (code: string) => code): string =>
  json.replace(which, (unit) => `\\u${spelling(codeOf(unit.slice(-1)))}`);

const codeOf = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, '0');

const HTML_NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const htmlFormsOf = (text: string): string[] => {
  const html = text.replace(/[&<>"]/g, (character) => HTML_NAMES[character] ?? character);
  return ['&#39;', '&#039;', '&#x27;'].map((apostrophe) => html.replaceAll("'", apostrophe));
};

const inUrl = (secret: string) => encodeURIComponent(secret.toWellFormed());

/**
 * The text with the secrets, and the values of fields that are secret by their name, replaced by `***`.
 *
 * @param secrets as {@link secretsOf} gives them
 */
export function blotOut(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
  return known.replace(SECRET_FIELD, `$1"${MASK}"`).replace(QUOTED_SECRET_FIELD, `$1\\"${MASK}\\"`);
}
