import { isMapping } from '../../../model/json.ts';
import type { CapturedAuth, CapturedBody, CapturedRequest, Field } from './capture.ts';
import { environmentName, environmentTemplate, prefixFor } from './variables.ts';

/** A request in parts, so that each value in it can be replaced. */
export interface Draft {
  readonly method: string;
  /** A whole URL that only the run knows, such as `{{ statusPage }}`. It stands in place of origin, path and query. */
  readonly url?: string;
  /** Such as `https://shop.example`, or a variable of the environment. */
  readonly origin: string;
  /** The parts of the path between the slashes, without the escapes of a URL. */
  readonly segments: readonly string[];
  readonly query: readonly Field[];
  readonly headers: readonly Field[];
  /** HTTP Basic. */
  readonly login?: Login;
  readonly body?: CapturedBody;
}

export interface Login {
  readonly user: string;
  readonly pass: string;
}

/** One value of a request, and where it stands. */
export interface Leaf {
  readonly in: 'path' | 'query' | 'header' | 'login' | 'json' | 'form' | 'multipart' | 'text';
  /** The nearest name: of the field, of the header, of the segment before. Empty if there is no name. */
  readonly name: string;
  /** In JSON, the names around this one, the outermost first. */
  readonly within?: readonly string[];
  /** For people, and for `--seat`: `$.plot.ref`, `ref`, or the path with the segment in brackets. */
  readonly path: string;
  readonly value: unknown;
}

export type Change = (leaf: Leaf) => unknown;

/** A captured request in parts. */
export function draftOf(request: CapturedRequest): Draft {
  const [, origin = '', path = '', query = ''] =
    /^((?:https?:\/\/|\{\{)[^/?#]*)?([^?#]*)(?:\?([^#]*))?/is.exec(request.url) ?? [];
  const missing = (name: string) => environmentTemplate(`${prefixFor(origin)}_${name}`);
  const signedIn = withAuth(withOneCookie(request.headers), request.auth, missing);
  return {
    method: request.method,
    origin,
    segments: path.replace(/^\//, '').split('/').map(decoded),
    query: [...fieldsIn(query), ...signedIn.query],
    headers: signedIn.headers,
    ...(signedIn.login !== undefined && { login: signedIn.login }),
    ...(request.body !== undefined && { body: exactBody(request.body) }),
  };
}

/** Where JavaScript would round a number, the body stays the text that it is. The number of a card is not rounded. */
function exactBody(body: CapturedBody): CapturedBody {
  if (body.kind !== 'json') return body;
  const long = [...body.text.matchAll(/(?<=[:[,\s]-?)\d{16,}(?=\s*[\],}])/g)];
  const isExact = long.every(([digits]) => Number.isSafeInteger(Number(digits)));
  return isExact ? body : { kind: 'text', text: body.text, type: 'application/json' };
}

/** A suite has each header once: cookies that stand in several are put side by side. */
function withOneCookie(headers: readonly Field[]): readonly Field[] {
  const isCookie = ([name]: Field) => /^cookie$/i.test(name);
  const cookies = headers.filter(isCookie);
  if (cookies.length < 2) return headers;
  const all = cookies.map(([, value]) => value.replace(/[;\s]+$/, '')).join('; ');
  return [...headers.filter((header) => !isCookie(header)), ['cookie', all]];
}

/** `+` is a space in a query; a template stays as it is. */
const fieldsIn = (query: string): Field[] => [...new URLSearchParams(query)];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface SignedIn {
  readonly headers: readonly Field[];
  readonly query: readonly Field[];
  readonly login?: Login;
}

/** How the caller signs in, where the request itself says it. */
function withAuth(
  headers: readonly Field[],
  auth: CapturedAuth | undefined,
  missing: (name: string) => string,
): SignedIn {
  const basic = headers.find(([name, value]) => /^authorization$/i.test(name) && /^basic\s+[^{]+$/i.test(value));
  const others = headers.filter((header) => header !== basic && !(auth !== undefined && isAuthorization(header, auth)));
  switch (auth?.scheme) {
    case 'basic': {
      const { username = missing('USER'), password = missing('PASSWORD') } = auth;
      return { headers: others, query: [], login: { user: username, pass: password } };
    }
    case 'bearer':
      return { headers: [...others, ['authorization', `Bearer ${auth.token ?? missing('TOKEN')}`]], query: [] };
    case 'api-key': {
      const value = auth.value ?? missing(environmentName(auth.name));
      if (auth.in === 'query') return { headers: others, query: [[auth.name, value]] };
      return { headers: withKey(others, auth.in, auth.name, value), query: [] };
    }
    case 'oauth2-password':
    case 'oauth2-client':
      return { headers: [...others, ['authorization', 'Bearer {{ token }}']], query: [] };
    case undefined:
      return { headers: others, query: [], ...(basic !== undefined && { login: loginIn(basic[1]) }) };
  }
}

const isAuthorization = ([name]: Field, { scheme }: CapturedAuth) =>
  scheme !== 'api-key' && /^authorization$/i.test(name);

function withKey(headers: readonly Field[], place: 'header' | 'cookie', name: string, value: string): Field[] {
  if (place === 'header') {
    const others = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
    return [...others, [name, value]];
  }
  const cookie = headers.find(([other]) => /^cookie$/i.test(other));
  const others = headers.filter((header) => header !== cookie);
  return [...others, ['cookie', cookie === undefined ? `${name}=${value}` : `${cookie[1]}; ${name}=${value}`]];
}

/** User and password in `Basic …`. */
function loginIn(header: string): Login {
  const text = Buffer.from(header.replace(/^basic\s+/i, ''), 'base64').toString();
  const [, user = text, pass = ''] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  return { user, pass };
}

/** The request with other values, each given by what stood there. */
export function mapLeaves(draft: Draft, change: Change): Draft {
  const text = (leaf: Leaf) => String(change(leaf));
  const fields = (list: readonly Field[], place: Leaf['in']): Field[] =>
    list.map(([name, value]) => [name, text({ in: place, name, path: name, value })]);
  const { segments, query, headers, login, body } = draft;
  return {
    ...draft,
    segments: segments.map((value, at) => {
      const shown = segments.map((other, index) => (index === at ? `[${other}]` : other)).join('/');
      return text({ in: 'path', name: segments[at - 1] ?? '', path: `/${shown}`, value });
    }),
    query: fields(query, 'query'),
    headers: fields(headers, 'header'),
    ...(login !== undefined && {
      login: {
        user: text({ in: 'login', name: 'user', path: 'the user name', value: login.user }),
        pass: text({ in: 'login', name: 'password', path: 'the password', value: login.pass }),
      },
    }),
    ...(body !== undefined && { body: mapBody(body, change, fields) }),
  };
}

function mapBody(
  body: CapturedBody,
  change: Change,
  fields: (list: readonly Field[], place: Leaf['in']) => Field[],
): CapturedBody {
  switch (body.kind) {
    case 'json':
      return { ...body, value: mapJson(body.value, '$', [], change) };
    case 'text':
      return { ...body, text: String(change({ in: 'text', name: '', path: 'the body', value: body.text })) };
    default:
      return { ...body, fields: fields(body.fields, body.kind) };
  }
}

function mapJson(value: unknown, path: string, names: readonly string[], change: Change): unknown {
  if (Array.isArray(value)) return value.map((inner, at) => mapJson(inner, `${path}[${at}]`, names, change));
  if (!isMapping(value)) {
    return change({ in: 'json', name: names.at(-1) ?? '', within: names.slice(0, -1), path, value });
  }
  const below = (key: string) => (/^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}['${key}']`);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapJson(inner, below(key), [...names, key], change)]),
  );
}

/** All values of a request, in order. */
export function leavesOf(draft: Draft): Leaf[] {
  const leaves: Leaf[] = [];
  mapLeaves(draft, (leaf) => {
    leaves.push(leaf);
    return leaf.value;
  });
  return leaves;
}
