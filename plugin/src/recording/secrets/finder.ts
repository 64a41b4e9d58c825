import type { Headers } from '../answer.ts';
import { type Secrecy, secretNames } from './names.ts';
import { Search } from './search.ts';

/** A value that is a secret. */
export interface Found {
  readonly value: string;
  /** Its name says so. Otherwise it only looks like one. */
  readonly isSure: boolean;
  /** The target chose it. */
  readonly isFresh?: true;
}

/** A request, as far as it may hold secrets. */
export interface SentRequest {
  readonly headers: Headers;
  /** Path and query, or a whole URL. */
  readonly path?: string;
  readonly body?: Uint8Array;
}

/** An answer, as far as it may give out secrets. */
export interface GivenAnswer {
  readonly headers: Headers;
  readonly text?: string;
  /** The text as JSON; undefined if it is not JSON. */
  readonly json?: unknown;
}

/** Finds secrets by the names of headers, cookies and fields, and by how they look. */
export interface Finder {
  inRequest(request: SentRequest): Found[];
  inAnswer(answer: GivenAnswer): Found[];
  /** Values by their names, such as the variables of a virtual user. They may be lists and mappings. */
  inValues(values: Readonly<Record<string, unknown>>): Found[];
  /** Whether the value of this field of an answer is a secret. */
  isSecret(name: string, value: string): boolean;
}

/** No honest text holds more, and each is searched for in every answer. */
const MAX_FOUND = 200;
/** Of a larger upload only the beginning is searched. */
const MAX_BODY = 1 << 20;

/** @param names see {@link secretNames} */
export function createFinder(names: readonly string[] = []): Finder {
  const secrecyOf = secretNames(names);
  const find = (mayBe: MayBe, look: (search: Search) => void): Found[] => {
    const all = new Map<string, Found>();
    look(
      new Search(secrecyOf, (text, secrecy, isDirect) => {
        const value = text.trim();
        if (all.size >= MAX_FOUND || NO_SECRET.test(value) || !isSecretValue(value, secrecy, isDirect, mayBe)) return;
        all.set(value, { value, isSure: secrecy === 'secret' });
      }),
    );
    return [...all.values()];
  };
  return {
    inRequest: ({ headers, path = '', body }) =>
      find(looksChosen, (search) => {
        search.headers(headers);
        search.text(path);
        if (body !== undefined && body.length > 0) search.body(Buffer.from(body.subarray(0, MAX_BODY)).toString());
      }),
    inAnswer({ headers, text = '', json }) {
      const found = find(looksGiven, (search) => {
        search.headers(headers);
        if (json === undefined) search.page(text);
        else search.json(json);
      });
      return found.map((one) => ({ ...one, isFresh: true }));
    },
    inValues: (values) => find(looksChosen, (search) => search.json(values)),
    isSecret(name, value) {
      const secrecy = secrecyOf(name, 'field');
      return secrecy === 'secret' || (secrecy === 'likely' && looksRandom(value));
    },
  };
}

/** Whether a value under the name of a secret may be one; `isDirect`: no other name stands between the two. */
type MayBe = (value: string, isDirect: boolean) => boolean;

function isSecretValue(value: string, secrecy: Secrecy, isDirect: boolean, mayBe: MayBe): boolean {
  switch (secrecy) {
    case 'secret':
      return mayBe(value, isDirect);
    case 'cookie':
      return looksSecret(value);
    case 'likely':
      return looksRandom(value);
    case 'public':
      return false;
  }
}

const NO_SECRET = /^(true|false|null|none|undefined|basic|bearer|digest|deleted|\*+|.{0,3})$/i;

/** Who sends a secret may have chosen a short one. What stands below its name may be about it, such as its type. */
const looksChosen: MayBe = (value, isDirect) => isDirect || looksSecret(value);

/** What a target gives out is long. `"password": "is too short"` is no password, and `"token": "invalid"` no token. */
const looksGiven: MayBe = (value, isDirect) =>
  isDirect ? !/\s/.test(value) && (/[^a-z]/i.test(value) || value.length > 10) : looksSecret(value);

const looksSecret = (text: string): boolean => text.length >= (/\d/.test(text) ? 6 : 16);

/** No word, no date, no amount, no path. */
const looksRandom = (text: string): boolean =>
  /^[\w.~+/=:%-]{12,}$/.test(text) &&
  /\d/.test(text) &&
  /[a-z]/i.test(text) &&
  !/^\d{4}-\d\d-\d\d|^\/|\.\w{2,4}$/.test(text);
