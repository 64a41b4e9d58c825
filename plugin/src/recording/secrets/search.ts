import { parseJson } from '../../../../model/json.ts';
import type { Headers } from '../answer.ts';
import { jsonFieldsIn } from './json-fields.ts';
import type { Place, Secrecy } from './names.ts';
import { fieldsInElements, fieldsInForm, fieldsInPage, fieldsInParts, fieldsInText, SHAPES } from './text-fields.ts';

const MAX_NODES = 20_000;
/** How much of a text that is not JSON is searched. */
const MAX_TEXT = 1 << 17;

interface Node {
  readonly value: unknown;
  readonly secrecy: Secrecy;
  /** The nearest name is that of the secret. */
  readonly isDirect: boolean;
}

/** Goes through the parts of a request or an answer, and tells of each value and what its name says about it. */
export class Search {
  readonly #secrecyOf: (name: string, place: Place) => Secrecy;
  readonly #found: (value: string, secrecy: Secrecy, isDirect: boolean) => void;

  constructor(
    secrecyOf: (name: string, place: Place) => Secrecy,
    found: (value: string, secrecy: Secrecy, isDirect: boolean) => void,
  ) {
    this.#secrecyOf = secrecyOf;
    this.#found = found;
  }

  headers(headers: Headers): void {
    for (const [name, values] of Object.entries(headers)) {
      for (const value of [values ?? []].flat()) this.#header(name.toLowerCase(), value);
    }
  }

  /** Of a request: JSON, a form, or a form with files. */
  body(body: string): void {
    const json = parseJson(body);
    if (typeof json === 'object') {
      this.json(json);
      return;
    }
    const start = body.slice(0, MAX_TEXT);
    const isForm = /^[^\s<{["=]{1,200}=/.test(start);
    for (const [name, value] of isForm ? fieldsInForm(start) : fieldsInParts(start)) this.#field(name, value);
    if (!isForm) this.page(start);
  }

  /** HTML, XML, plain text, and JSON that was cut. */
  page(page: string): void {
    const start = page.slice(0, MAX_TEXT);
    const fields = [fieldsInPage(start), fieldsInElements(start), fieldsInText(start), jsonFieldsIn(start)];
    for (const [name, value] of fields.flat()) {
      this.#found(value, this.#secrecyOf(name, 'field'), true);
    }
    this.text(start);
  }

  /** A text that is no field. It may be a URL, or hold one. */
  text(text: string): void {
    if (!MAY_HOLD_MORE.test(text)) return;
    for (const { shape, secrecy } of SHAPES) {
      for (const [whole, secret = whole] of text.matchAll(shape)) this.#found(secret, secrecy, true);
    }
    const query = text.search(/[?#]/);
    if (query < 0) return;
    for (const [name, value] of fieldsInForm(text.slice(query + 1, MAX_TEXT).replace(/[?#]/g, '&'))) {
      this.#found(value, this.#secrecyOf(name, 'field'), true);
    }
  }

  json(json: unknown, secrecy: Secrecy = 'public'): void {
    // Not recursive: a target may nest its answer deeper than the stack.
    const left: Node[] = [{ value: json, secrecy, isDirect: true }];
    let nodes = 0;
    for (let node = left.pop(); node !== undefined && nodes++ < MAX_NODES; node = left.pop()) {
      const { value } = node;
      if (Array.isArray(value)) {
        for (const inner of value) left.push({ ...node, value: inner });
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) left.push(this.#below(node, name, inner));
      } else if (typeof value === 'string' || typeof value === 'number') {
        this.#leaf(String(value), node, left);
      }
    }
  }

  #below({ secrecy }: Node, name: string, value: unknown): Node {
    const own = this.#secrecyOf(name, 'field');
    return own === 'public' ? { value, secrecy, isDirect: false } : { value, secrecy: own, isDirect: true };
  }

  #leaf(value: string, { secrecy, isDirect }: Node, left: Node[]): void {
    this.#value(value, secrecy, isDirect);
    if (isJson(value)) left.push({ value: parseJson(value), secrecy, isDirect });
  }

  #field(name: string, value: string): void {
    const secrecy = this.#secrecyOf(name, 'field');
    this.#value(value, secrecy, true);
    if (isJson(value)) this.json(parseJson(value), secrecy);
  }

  #value(value: string, secrecy: Secrecy, isDirect: boolean): void {
    this.#found(value, secrecy, isDirect);
    if (secrecy === 'secret') this.#credentials(value);
    this.text(value);
  }

  #header(name: string, value: string): void {
    if (name === 'cookie') this.#cookies(value.split(';'));
    // Only the first pair is the cookie; attributes such as the path follow.
    else if (name === 'set-cookie') this.#cookies(deletesCookie(value) ? [] : value.split(';', 1));
    else this.#value(value, this.#secrecyOf(name, 'header'), true);
  }

  #cookies(pairs: readonly string[]): void {
    for (const pair of pairs) {
      const [, name = '', value = ''] = /^\s*([^=]*)=(.*)$/s.exec(pair) ?? [];
      const bare = value.trim().replace(/^"|"$/g, '');
      const plain = unescaped(bare);
      // A cookie of several words is a message for the next page.
      if (/\s/.test(plain.replaceAll('+', ' '))) continue;
      for (const one of [bare, plain]) this.#found(one, this.#secrecyOf(name.trim(), 'cookie'), true);
      if (isJson(plain)) this.json(parseJson(plain));
    }
  }

  /** `Bearer …`, and the password in `Basic …`. */
  #credentials(value: string): void {
    const [, scheme = '', secret = ''] = /^(basic|bearer|token|digest|apikey|negotiate)\s+(.*)$/is.exec(value) ?? [];
    this.#found(secret, 'secret', true);
    if (!/^basic$/i.test(scheme)) return;
    const plain = Buffer.from(secret, 'base64').toString();
    this.#found(plain, 'secret', true);
    this.#found(plain.slice(plain.indexOf(':') + 1), 'secret', true);
  }
}

/** Most texts are neither a URL nor a token. */
const MAY_HOLD_MORE = /[?#]|eyJ|:\/\/|bearer/i;

const isJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** The value of a cookie that is deleted is a word such as `deleted`. */
const deletesCookie = (cookie: string) => /;\s*(max-age=0|expires=[^;]*\b1970\b)/i.test(cookie);

/** The value without the escapes of a URL, or the value itself where it has others. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
