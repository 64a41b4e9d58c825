import { InputError } from '../../../config/index.ts';
import type { CapturedAuth, CapturedRequest } from '../../capture.ts';
import { bodyOf, DATA, dataOf, multipartOf } from './data.ts';
import { headersOf } from './headers.ts';
import { type CurlWord, curlOptions, isKnown } from './options.ts';

/**
 * The requests of one cURL command: `--next` begins another.
 *
 * @throws InputError if it reads a file that is not there, or if a suite would send something else
 */
export function requestsOf(words: readonly string[]): CapturedRequest[] {
  const parts: CurlWord[][] = [[]];
  for (const word of curlOptions(words)) {
    if (word.option === 'next') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.filter((part) => part.some(({ option }) => option === 'url')).map(requestOf);
}

function requestOf(words: readonly CurlWord[]): CapturedRequest {
  const all = (...names: readonly string[]) => words.filter(({ option }) => names.includes(option));
  const last = (name: string) => all(name).at(-1)?.value;
  const data = all(...DATA);
  const parts = all('form', 'form-string');
  const isQuery = all('get').length > 0;
  const query = [
    ...(isQuery && data.length > 0 ? [dataOf(data)] : []),
    ...all('url-query').map(({ value }) => dataOf([{ option: 'data-urlencode', value }])),
  ];
  const headers = headersOf(words);
  const body = parts.length > 0 ? multipartOf(parts) : data.length > 0 && !isQuery ? bodyOf(data, headers) : undefined;
  const given = all('head').length > 0 ? 'HEAD' : body === undefined ? 'GET' : 'POST';
  const method = (last('request') ?? given).toUpperCase();
  const { url, auth } = withoutUser(withScheme(all('url')[0]?.value ?? ''));
  const whole = query.reduce((text, more) => `${text}${text.includes('?') ? '&' : '?'}${more}`, url);
  const signedIn = userOf(last('user')) ?? bearerOf(last('oauth2-bearer')) ?? auth;
  checkMeaning(words, signedIn);
  return {
    name: `${method} ${pathOf(whole)}`,
    method,
    url: whole,
    headers,
    ...(body !== undefined && { body }),
    ...(signedIn !== undefined && { auth: signedIn }),
    ...(signedIn?.scheme === 'basic' && all('anyauth').length > 0 && { remarks: [ANY_AUTH] }),
  };
}

const ANY_AUTH = 'the server says how it wants the user to sign in (--anyauth), and the suite takes HTTP Basic';
/** They sign each request anew, or by what the server has answered before. */
const OTHER_SCHEMES = ['aws-sigv4', 'digest', 'negotiate', 'ntlm', 'ntlm-wb'];
/** What of a command would be lost. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['upload-file', 'sends a file (-T): name it with --data-binary @FILE, and the method with -X'],
  ['config', 'reads options from a file (-K): write them out'],
]);

/** A suite that sends something else than the command, or to somebody else, is worse than none. */
function checkMeaning(words: readonly CurlWord[], auth: CapturedAuth | undefined): void {
  const refused = words.flatMap(({ option }) => REFUSED.get(option) ?? [])[0];
  if (refused !== undefined) throw new InputError(`the cURL command ${refused}`);
  const scheme = words.find(({ option }) => OTHER_SCHEMES.includes(option))?.option;
  if (scheme !== undefined && (scheme === 'aws-sigv4' || auth?.scheme === 'basic')) {
    throw new InputError(
      `the cURL command signs in by --${scheme}, which no suite can do: use HTTP Basic, or a token in a header`,
    );
  }
  if (new Set(words.filter(({ option }) => option === 'url').map(({ value }) => value)).size < 2) return;
  // A value may be a secret, so it is not shown.
  const unknown = words.find(({ option }, at) => !isKnown(option) && words[at + 1]?.option === 'url')?.option;
  throw new InputError(
    'the cURL command has more than one URL: leave in the one that books, and quote values with spaces' +
      (unknown === undefined ? '' : `; if --${unknown.slice(0, 40)} takes a value, leave out both`),
  );
}

/** curl takes `shop.example/orders` too. */
const withScheme = (url: string): string => (/^(?:[a-z][a-z\d+.-]*:\/\/|\{\{)/i.test(url) ? url : `http://${url}`);

const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';

/** `https://user:password@host` signs in as that user. */
function withoutUser(url: string): { readonly url: string; readonly auth?: CapturedAuth } {
  const [, scheme = '', user, rest = ''] = /^(https?:\/\/)([^/?#]*)@(.*)$/is.exec(url) ?? [];
  const auth = user === undefined ? undefined : userOf(decoded(user));
  return auth === undefined ? { url } : { url: `${scheme}${rest}`, auth };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A user without a password: curl would ask for it. */
function userOf(user: string | undefined): CapturedAuth | undefined {
  if (user === undefined) return undefined;
  const [, username = user, password] = /^([^:]*):(.*)$/s.exec(user) ?? [];
  return { scheme: 'basic', username, ...(password !== undefined && { password }) };
}

const bearerOf = (token: string | undefined): CapturedAuth | undefined =>
  token === undefined ? undefined : { scheme: 'bearer', token };
