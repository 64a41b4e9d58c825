import { isMapping } from '../../../../../model/json.ts';
import type { CapturedAnswer, CapturedAuth, CapturedBody, CapturedRequest, Field } from '../../capture.ts';
import { envTemplate } from '../urls.ts';
import type { Examples } from './example.ts';
import { fillParameters } from './parameters.ts';
import type { Mapping, References } from './reference.ts';
import { securityOf } from './security.ts';
import { serverOf } from './servers.ts';

/** One operation of the document. */
export interface Operation {
  /** In upper case. */
  readonly method: string;
  /** The template, such as `/events/{eventId}/orders`. */
  readonly path: string;
  /** What stands at its path, for all methods. */
  readonly item: Mapping;
  readonly operation: Mapping;
}

/** @throws ConfigError if a reference or a schema of this operation cannot be read */
export function requestOf(
  { method, path, item, operation }: Operation,
  references: References,
  examples: Examples,
): CapturedRequest {
  const server = serverOf([operation, item, references.document]);
  const filled = fillParameters(path, [operation, item], references, examples);
  const [auth, ...more] = securityOf(operation, references, server);
  const content = bodyOf(references.follow(operation.requestBody), references, examples);
  const answer = answerOf(references.follow(operation.responses), references, examples);
  const query = [...filled.query, ...keysInQuery(more)];
  const spoken = `${method} ${path}`;
  const id = typeof operation.operationId === 'string' ? operation.operationId : spoken;
  return {
    name: id,
    alsoCalled: [spoken, `${method}:${path}`],
    method,
    url: server + filled.path + (query.length === 0 ? '' : `?${query.join('&')}`),
    headers: [
      ...(content === undefined ? [] : [['Content-Type', content.type] as const]),
      ...filled.headers,
      ...keysInHeaders(more),
    ],
    parameters: filled.named,
    ...(content === undefined
      ? {}
      : { body: content.body, ...(content.madeUp.length > 0 && { madeUp: content.madeUp }) }),
    ...(auth === undefined ? {} : { auth }),
    ...(answer === undefined ? {} : { answer }),
  };
}

/** Further keys beside the way to sign in, such as one for each application. */
const keysInQuery = (schemes: readonly CapturedAuth[]): string[] =>
  schemes.flatMap((one) =>
    one.scheme === 'api-key' && one.in === 'query' ? `${encodeURIComponent(one.name)}=${envTemplate(one.name)}` : [],
  );

const keysInHeaders = (schemes: readonly CapturedAuth[]): Field[] =>
  schemes.flatMap((one): Field[] => {
    if (one.scheme !== 'api-key' || one.in === 'query') return [];
    return one.in === 'header'
      ? [[one.name, envTemplate(one.name)]]
      : [['Cookie', `${one.name}=${envTemplate(one.name)}`]];
  });

/** The media types that a suite can send, best first. */
const PREFERRED = [
  /^application\/json\b/i,
  /[/+]json\b/i,
  /^application\/x-www-form-urlencoded/i,
  /^multipart\//i,
  /./,
];

function preferredOf(content: unknown): readonly [type: string, media: unknown] | undefined {
  const all = isMapping(content) ? Object.entries(content) : [];
  return PREFERRED.map((pattern) => all.find(([type]) => pattern.test(type))).find((found) => found !== undefined);
}

interface Content {
  readonly type: string;
  readonly body: CapturedBody;
  /** Fields whose values the document does not show. */
  readonly madeUp: readonly string[];
}

function bodyOf(requestBody: Mapping, references: References, examples: Examples): Content | undefined {
  const [type, media] = preferredOf(requestBody.content) ?? [];
  if (type === undefined) return undefined;
  const holder = references.follow(media);
  const value = examples.of(holder);
  if (value === undefined) return undefined;
  const files = filesIn(holder, references);
  const body = bodyAs(type, value, files);
  const isForm = body.kind === 'form' || body.kind === 'multipart';
  const made = body.kind === 'text' ? [] : examples.madeUp(holder, value);
  const madeUp = isForm ? made.map((path) => path.replace(/^\$\.?/, '')) : made;
  return { type, body, madeUp: madeUp.filter((path) => !files.includes(path)) };
}

/** The fields of a form that hold a file. */
function filesIn(media: Mapping, references: References): string[] {
  const { properties } = references.follow(media.schema);
  return Object.entries(isMapping(properties) ? properties : {}).flatMap(([name, one]) => {
    const { type, items, format, contentMediaType } = references.follow(one);
    const inner = type === 'array' ? references.follow(items) : { format, contentMediaType };
    return inner.format === 'binary' || inner.contentMediaType !== undefined ? [name] : [];
  });
}

function bodyAs(type: string, value: unknown, files: readonly string[]): CapturedBody {
  if (/json/i.test(type)) return { kind: 'json', value, text: JSON.stringify(value) };
  if (!isMapping(value)) return { kind: 'text', text: textOf(value), type };
  const fieldsOf = (entries: readonly (readonly [string, unknown])[]) =>
    entries.map(([name, one]): Field => [name, textOf(one)]);
  const entries = Object.entries(value);
  if (type.startsWith('multipart/')) {
    return { kind: 'multipart', fields: fieldsOf(entries.filter(([name]) => !files.includes(name))), files };
  }
  if (/^application\/x-www-form-urlencoded/i.test(type)) return { kind: 'form', fields: fieldsOf(entries) };
  return { kind: 'text', text: textOf(value), type };
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The first success, with its example. */
function answerOf(responses: Mapping, references: References, examples: Examples): CapturedAnswer | undefined {
  const status = Object.keys(responses).find((key) => /^2\d\d$/.test(key));
  if (status === undefined) return undefined;
  const [type, media] = preferredOf(references.follow(responses[status]).content) ?? [];
  const value = type === undefined ? undefined : examples.answer(references.follow(media));
  return {
    status: Number(status),
    headers: type === undefined ? [] : [['content-type', type]],
    ...(value === undefined ? {} : { body: textOf(value) }),
  };
}
