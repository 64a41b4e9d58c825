import type { FormParam, Item, QueryParam, Request, Url, Variable } from 'postman-collection';
import { parseJson } from '../../../../../model/json.ts';
import { readBody } from '../../body.ts';
import type { CapturedAnswer, CapturedBody, CapturedParameter, CapturedRequest, Field } from '../../capture.ts';
import { envTemplate, splitCredentials, spokenName } from '../urls.ts';
import { authOf } from './auth.ts';
import { variablesSetBy } from './scripts.ts';

type Resolve = (text: string) => string;

export async function requestOf(item: Item, folders: readonly string[], resolve: Resolve): Promise<CapturedRequest> {
  const { request } = item;
  const method = (request.method || 'GET').toUpperCase();
  const { url, auth: inUrl } = splitCredentials(urlOf(request.url, resolve));
  const headers = headersOf(request, resolve);
  const body = await bodyOf(request, headers, resolve);
  const auth = authOf(item.getAuth(), resolve) ?? inUrl;
  const answer = answerOf(item);
  const path = [...folders, item.name];
  const sets = variablesSetBy(item);
  return {
    name: item.name,
    // `Folder/Name` tells apart two items of one name.
    alsoCalled: [...path.slice(1).map((_, index) => path.slice(index).join('/')), spokenName(method, url)],
    method,
    url,
    headers,
    parameters: [...parametersOf(request.url, resolve), ...variablesIn(request, resolve)],
    ...(body === undefined ? {} : { body }),
    ...(auth === undefined ? {} : { auth }),
    ...(answer === undefined ? {} : { answer }),
    ...((request.body as Body | undefined)?.mode === 'file' && { remarks: ['the file that is its body is left out'] }),
    ...(sets.length > 0 && { sets }),
  };
}

/** With its path variables put in: `:seatId` without a value becomes a variable of the environment. */
function urlOf(url: Url, resolve: Resolve): string {
  const resolved = resolve(url.toString()).replace(/ (?![^{}]*\}\})/g, '%20');
  const whole = /^([a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(resolved) ? resolved : `http://${resolved}`;
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(whole) ?? [];
  return path.replace(/(?<=[^/:]\/):([A-Za-z_][\w-]*)/g, (_, name: string) => envTemplate(name)) + rest;
}

function parametersOf({ variables, query }: Url, resolve: Resolve): CapturedParameter[] {
  const inPath = (variables.all() as Variable[]).map(({ key, value }) => parameterOf('path', key, value, resolve));
  const inQuery = (query.all() as QueryParam[])
    .filter(isEnabled)
    .map(({ key, value }) => parameterOf('query', key, value, resolve));
  return [...inPath, ...inQuery].filter(({ name }) => name !== '');
}

/** The variables in a request that have a value. */
function variablesIn(request: Request, resolve: Resolve): CapturedParameter[] {
  const names = [...JSON.stringify(request).matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g)].map(([, name = '']) => name);
  return [...new Set(names)]
    .map((name) => ({ name, in: 'variable' as const, value: resolve(`{{${name}}}`) }))
    .filter(({ value }) => value !== '' && !value.includes('{{'));
}

const parameterOf = (place: 'path' | 'query', name: unknown, value: unknown, resolve: Resolve): CapturedParameter => ({
  name: textOf(name),
  in: place,
  // As urlOf has it.
  value: resolve(textOf(value)) || (place === 'path' ? envTemplate(textOf(name)) : ''),
});

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const isEnabled = (one: { readonly disabled?: boolean }): boolean => one.disabled !== true;

const fieldsOf = (list: readonly (QueryParam | FormParam)[], resolve: Resolve): Field[] =>
  list.filter(isEnabled).map(({ key, value }): Field => [resolve(textOf(key)), resolve(textOf(value))]);

const headersOf = ({ headers }: Request, resolve: Resolve): Field[] =>
  headers
    .all()
    .filter(({ key, disabled }) => textOf(key) !== '' && disabled !== true)
    .map(({ key, value }): Field => [resolve(textOf(key)), resolve(textOf(value))]);

/** Content-Types of the languages that Postman's editor offers. */
const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};

/** The body's modes as the library holds them; its types lack `options`. */
interface Body {
  readonly mode?: string;
  readonly raw?: string;
  readonly options?: { readonly raw?: { readonly language?: string } };
  readonly graphql?: { readonly query?: unknown; readonly operationName?: unknown; readonly variables?: unknown };
  readonly urlencoded?: { all(): QueryParam[] };
  readonly formdata?: { all(): FormParam[] };
  readonly disabled?: boolean;
}

/** A file as body is left out: it is not in the collection. */
async function bodyOf(
  request: Request,
  headers: readonly Field[],
  resolve: Resolve,
): Promise<CapturedBody | undefined> {
  const body = request.body as Body | undefined;
  if (body === undefined || body.disabled === true) return undefined;
  switch (body.mode) {
    case 'raw': {
      const text = resolve(textOf(body.raw));
      if (text === '') return undefined;
      const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
      const language = TYPES[textOf(body.options?.raw?.language)];
      return readBody(withQuotedVariables(withoutComments(text)), type ?? language ?? '');
    }
    case 'urlencoded':
      return { kind: 'form', fields: fieldsOf(body.urlencoded?.all?.() ?? [], resolve) };
    case 'formdata': {
      const all = body.formdata?.all?.() ?? [];
      const isFile = (one: FormParam) => (one as { type?: string }).type === 'file';
      const files = all.filter((one) => isFile(one) && isEnabled(one)).map(({ key }) => textOf(key));
      return {
        kind: 'multipart',
        fields: fieldsOf(
          all.filter((one) => !isFile(one)),
          resolve,
        ),
        files,
      };
    }
    case 'graphql':
      return graphqlOf(body.graphql ?? {}, resolve);
    default:
      return undefined;
  }
}

/** Postman takes the comments out of JSON before it sends it. */
function withoutComments(text: string): string {
  if (parseJson(text) !== undefined) return text;
  const bare = text.replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted: string = '') => quoted);
  return parseJson(withQuotedVariables(bare)) === undefined ? text : bare;
}

/** `{"seat": {{seat}}}` is JSON only once the variable has a value. */
const withQuotedVariables = (text: string): string =>
  parseJson(text) === undefined ? text.replace(/([[:,]\s*)(\{\{ [^{}]+ \}\})(?=\s*[,\]}])/g, '$1"$2"') : text;

function graphqlOf({ query, operationName, variables }: NonNullable<Body['graphql']>, resolve: Resolve): CapturedBody {
  const written = typeof variables === 'string' ? parseJson(withQuotedVariables(resolve(variables))) : variables;
  const value = {
    query: resolve(textOf(query)),
    ...(written === undefined || written === null ? {} : { variables: written }),
    ...(textOf(operationName) === '' ? {} : { operationName }),
  };
  return { kind: 'json', value, text: JSON.stringify(value) };
}

/** The first saved success. */
function answerOf(item: Item): CapturedAnswer | undefined {
  const answer = item.responses?.all().find(({ code }) => code >= 200 && code < 300);
  if (answer === undefined) return undefined;
  const headers = answer.headers.all().map(({ key, value }): Field => [textOf(key), textOf(value)]);
  return { status: answer.code, headers, ...(answer.body ? { body: String(answer.body) } : {}) };
}
