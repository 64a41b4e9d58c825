import { parseJson } from '../../../model/json.ts';
import type { Headers } from './answer.ts';
import { isSecretField, isSecretHeader, MIN_SECRET_LENGTH, SECRET_JSON_FIELD } from './secret-names.ts';
import { spellingsOf } from './spellings.ts';

/** A request, as far as it may hold secrets. */
export interface SentRequest {
  readonly headers: Headers;
  /** Path and query. */
  readonly path?: string;
  readonly body?: Uint8Array;
}

/**
 * The secrets that a request carries. A server may repeat any of them in an answer, and answers end up in histories and
 * reports, so every one of them is masked there.
 *
 * - Headers with a secret name: the whole value, of credentials also what follows the scheme, of cookies each value.
 * - Fields with a secret name, in the query, a form, a multipart body or JSON: the value.
 *
 * Words around a secret, such as `Bearer` or the name of a cookie, are not masked: order ids may contain them.
 *
 * @returns each secret in every spelling, the longest first
 */
export function secretsOf({ headers, path = '', body }: SentRequest): string[] {
  const inHeaders = Object.entries(headers)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([name, value]) => [value ?? []].flat().flatMap((text) => secretsInHeader(name.toLowerCase(), text)));
  const text = body === undefined ? '' : Buffer.from(body).toString();
  const fields = [...fieldsInForm(path.replace(/^[^?]*\??/, '')), ...fieldsInBody(text)];
  const inFields = fields.flatMap(([name, value]) => (isSecretField(name) ? value : []));
  const inJson = [text, ...fields.map(([, value]) => value)].flatMap(secretsInJson);
  const secrets = [...inHeaders, ...inFields, ...inJson]
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return [...new Set([...new Set(secrets)].flatMap(spellingsOf))].toSorted((a, b) => b.length - a.length);
}

function secretsInHeader(name: string, text: string): string[] {
  if (name === 'cookie') return [text, ...cookieValues(text.split(';'))];
  // Only the first pair is the cookie; attributes such as the path follow.
  if (name === 'set-cookie') return deletesCookie(text) ? [] : cookieValues(text.split(';', 1)).filter(isOneWord);
  if (!/authorization$/.test(name)) return [text];
  const credentials = text.slice(text.indexOf(' ') + 1);
  if (!/^basic /i.test(text)) return [text, credentials];
  const plain = Buffer.from(credentials, 'base64').toString();
  return [text, credentials, plain, plain.slice(plain.indexOf(':') + 1)];
}

/** The value of a cookie that is deleted is a word such as `deleted`. */
const deletesCookie = (cookie: string) => /;\s*(max-age=0|expires=[^;]*\b1970\b)/i.test(cookie);

/** A cookie of several words is a message for the next page. */
const isOneWord = (value: string) => !/\s|%20|\+/.test(value);

function cookieValues(pairs: readonly string[]): string[] {
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return [...values, ...values.map((value) => decoded(value.replace(/^"|"$/g, ''), decodeURIComponent))];
}

/** The decoded value, or the value itself where it cannot be decoded. */
function decoded(value: string, decode: (value: string) => unknown): string {
  try {
    return String(decode(value));
  } catch {
    return value;
  }
}

type Field = readonly [name: string, value: string];

const fieldsInForm = (text: string): readonly Field[] => (text.includes('=') ? [...new URLSearchParams(text)] : []);

/** A field of a `multipart/form-data` body: its name, and its value. */
const PART = /\bname="([^"\r\n]*)"(?:[^\r\n]*\r\n){1,9}?\r\n(.*?)\r\n--/gs;

function fieldsInBody(text: string): readonly Field[] {
  const isJson = /^\s*[[{]/.test(text);
  const parts = text.startsWith('--') ? [...text.matchAll(PART)] : [];
  return [...(isJson ? [] : fieldsInForm(text)), ...parts.map(([, name = '', value = '']): Field => [name, value])];
}

const secretsInJson = (text: string): string[] => [
  ...[...text.matchAll(SECRET_JSON_FIELD)].map(
    ([, , escaped, number]) => number ?? decoded(escaped ?? '', (value) => JSON.parse(`"${value}"`)),
  ),
  ...secretsBelow(parseJson(text)),
];

/** No honest answer holds more, and each is searched for in every answer. */
const MAX_FOUND = 100;

/**
 * The secrets in the lists and mappings of secret fields, such as `"tokens": [{ "value": "…" }]`. A secret may have words
 * beside it, such as its type, so a text without a digit must be long.
 *
 * @param json any value that was JSON
 */
export function secretsBelow(json: unknown): string[] {
  const found: string[] = [];
  // Not recursive: a target may nest its answer deeper than the stack.
  const left = [{ value: json, isSecret: false, isDirect: true }];
  for (let node = left.pop(); node !== undefined && found.length < MAX_FOUND; node = left.pop()) {
    const { value, isSecret, isDirect } = node;
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        const isNamed = !Array.isArray(value) && isSecretField(name);
        left.push({ value: inner, isSecret: isSecret || isNamed, isDirect: isNamed });
      }
    } else if (isSecret && !isDirect && looksSecret(String(value))) found.push(String(value));
  }
  return found;
}

const looksSecret = (text: string) => text.length >= (/\d/.test(text) ? MIN_SECRET_LENGTH : 16);
