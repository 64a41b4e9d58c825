import type { Secrecy } from './names.ts';

/*
 * Names and values in texts. A target chooses the texts, so no repetition may backtrack for long: each is bounded, or cannot
 * overlap with the next.
 */

type Field = readonly [name: string, value: string];

export const fieldsInForm = (text: string): readonly Field[] =>
  text.includes('=') ? [...new URLSearchParams(text)] : [];

/** A field of a `multipart/form-data` body: its name, and its value. */
const PART = /\bname="([^"\r\n]{0,200})"(?:[^\r\n]*\r\n){1,9}?\r\n(.*?)\r\n--/gs;

export const fieldsInParts = (text: string): readonly Field[] =>
  text.startsWith('--') ? [...text.matchAll(PART)].map(([, name = '', value = '']): Field => [name, value]) : [];

const TAG = /<(?:input|meta|form|param|option)\b[^<>]{1,2000}>/gi;
const ATTRIBUTE =
  /\b(name|property|id|value|content)\s{0,9}=\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'<>]{1,4000}))/gi;

/** What a page has for its scripts and forms: `<input name="csrf" value="…">`, `<meta name="csrf-token" content="…">`. */
export function fieldsInPage(page: string): readonly Field[] {
  return [...page.matchAll(TAG)].flatMap(([tag]) => {
    const has = new Map(
      [...tag.matchAll(ATTRIBUTE)].map(([, key = '', a, b, c]) => [key.toLowerCase(), a ?? b ?? c ?? '']),
    );
    const value = has.get('value') ?? has.get('content');
    const name = has.get('name') ?? has.get('property') ?? has.get('id');
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

const PAIR = /(?<![\w.[\]-])([a-z][\w.[\]-]{0,63})=["']?([^\s"'&;,<>()]{4,4096})/gi;

/** Pairs in running text: `session=… is not valid`, or a URL with a query. */
export const fieldsInText = (text: string): readonly Field[] =>
  [...text.matchAll(PAIR)].map(([, name = '', value = '']): Field => [name, value]);

const ELEMENT = /<(?:[\w-]{1,64}:)?([a-z][\w.-]{0,63})(?:\s[^<>]{0,1000})?>([^<>]{4,4096})<\//gi;

/** Elements of XML: `<wsse:Password Type="…">…</wsse:Password>`. */
export const fieldsInElements = (text: string): readonly Field[] =>
  [...text.matchAll(ELEMENT)].map(([, name = '', value = '']): Field => [name, value]);

/** Secrets that can be told by how they look, whatever their name is. The first group is the secret, if there is one. */
export const SHAPES: readonly { readonly shape: RegExp; readonly secrecy: Secrecy }[] = [
  // A JSON Web Token.
  { shape: /(?<![\w-])eyJ[\w-]{8,8000}\.[\w-]{4,8000}(?:\.[\w-]{0,8000})?/g, secrecy: 'secret' },
  { shape: /\bBearer\s{1,9}([\w.~+/=-]{8,8000})/gi, secrecy: 'likely' },
  // user:password@host, and the password alone.
  { shape: /:\/\/([^\s/?#@:]{0,200}:[^\s/?#@]{1,200})@/g, secrecy: 'secret' },
  { shape: /:\/\/[^\s/?#@:]{0,200}:([^\s/?#@]{1,200})@/g, secrecy: 'secret' },
];
