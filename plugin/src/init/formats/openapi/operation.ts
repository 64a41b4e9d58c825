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
  const spoken = `${method} ${path}`;
  const id = typeof operation.operationId === 'string' ? operation.operationId : spoken;
  return {
    name: id,
    alsoCalled: [spoken, `${method}:${path}`],
    method,
    url: server + filled.path + filled.query,
    headers: [
      ...(content === undefined ? [] : [['Content-Type', content.type] as const]),
      ...filled.headers,
      ...keysOf(more),
    ],
    parameters: filled.named,
    ...(content === undefined ? {} : { body: content.body }),
    ...(auth === undefined ? {} : { auth }),
    ...(answer === undefined ? {} : { answer }),
  };
}

/** Further keys beside the way to sign in, such as one for each application. */
const keysOf = (schemes: readonly CapturedAuth[]): Field[] =>
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
}

function bodyOf(requestBody: Mapping, references: References, examples: Examples): Content | undefined {
  const [type, media] = preferredOf(requestBody.content) ?? [];
  if (type === undefined) return undefined;
  const value = examples.of(references.follow(media));
  return value === undefined ? undefined : { type, body: bodyAs(type, value) };
}

function bodyAs(type: string, value: unknown): CapturedBody {
  if (/json/i.test(type)) return { kind: 'json', value, text: JSON.stringify(value) };
  if (isMapping(value) && /^(multipart\/|application\/x-www-form-urlencoded)/i.test(type)) {
    const fields = Object.entries(value).map(([name, one]): Field => [name, textOf(one)]);
    return { kind: type.startsWith('multipart/') ? 'multipart' : 'form', fields };
  }
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
