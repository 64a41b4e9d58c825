import { isMapping } from '../../../../../model/json.ts';
import type { CapturedParameter, Field } from '../../capture.ts';
import { envTemplate } from '../urls.ts';
import type { Examples } from './example.ts';
import type { Mapping, References } from './reference.ts';

/** Where the values of an operation's parameters go. */
export interface FilledParameters {
  readonly path: string;
  /** `name=value`, escaped. */
  readonly query: readonly string[];
  readonly headers: readonly Field[];
  readonly named: readonly CapturedParameter[];
}

/** OpenAPI says that parameters with these names mean nothing: other parts of the document say it. */
const SAID_ELSEWHERE = /^(accept|content-type|authorization)$/i;

/** @param path the template, such as `/events/{eventId}/orders` */
export function fillParameters(
  path: string,
  levels: readonly Mapping[],
  references: References,
  examples: Examples,
): FilledParameters {
  const used = parametersOf(levels, references).flatMap((parameter) => valuedOf(parameter, examples) ?? []);
  const cookies = used.filter((one) => one.in === 'cookie').map(({ name, text }) => `${name}=${text}`);
  const headers = used.filter((one) => one.in === 'header').map(({ name, text }): Field => [name, text]);
  const query = used.filter((one) => one.in === 'query').flatMap(queryParts);
  return {
    path: used
      .filter((one) => one.in === 'path')
      .reduce((filled, { name, text }) => filled.replaceAll(`{${name}}`, encoded(text)), path),
    query,
    headers: cookies.length === 0 ? headers : [...headers, ['Cookie', cookies.join('; ')]],
    named: used.flatMap(({ name, in: place, text }) =>
      place === 'path' || place === 'query' || place === 'header' ? [{ name, in: place, value: text }] : [],
    ),
  };
}

/** A parameter of an operation replaces the one of the same name and place that stands at its path. */
function parametersOf(levels: readonly Mapping[], references: References): Mapping[] {
  const all = levels
    .toReversed()
    .flatMap(({ parameters }) => (Array.isArray(parameters) ? parameters : []))
    .map((parameter) => references.follow(parameter));
  return [...new Map(all.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

interface Valued {
  readonly name: string;
  readonly in: unknown;
  readonly value: unknown;
  readonly text: string;
  readonly style: unknown;
  readonly isExploded: boolean;
}

/** Undefined where the request does without this parameter: it is optional, and the document shows no value. */
function valuedOf(parameter: Mapping, examples: Examples): Valued | undefined {
  const name = String(parameter.name);
  if (parameter.in === 'header' && SAID_ELSEWHERE.test(name)) return undefined;
  const [media] = isMapping(parameter.content) ? Object.values(parameter.content) : [];
  const holder = isMapping(media) ? media : parameter;
  const isNeeded = parameter.required === true || parameter.in === 'path';
  const value = isNeeded ? examples.known(holder) : examples.shown(holder);
  if (value === undefined || value === null) return isNeeded ? unknownOf(parameter) : undefined;
  const isText = holder === parameter && typeof value !== 'object';
  const text = isText || Array.isArray(value) ? [value].flat().map(String).join(',') : JSON.stringify(value);
  return {
    name,
    in: parameter.in,
    value: holder === parameter ? value : text,
    text: typeof text === 'string' ? text : String(value),
    style: parameter.style ?? 'form',
    isExploded: parameter.explode !== false && (parameter.style ?? 'form') !== 'spaceDelimited',
  };
}

/** A value that the document does not show: the user fills in a variable. */
function unknownOf({ name, in: place }: Mapping): Valued {
  const text = envTemplate(String(name));
  return { name: String(name), in: place, value: text, text, style: 'form', isExploded: true };
}

/** A template is filled in by the run. */
const encoded = (text: string): string => (text.includes('{{') ? text : encodeURIComponent(text));

function queryParts({ name, value, text, style, isExploded }: Valued): string[] {
  const pair = (key: string, one: unknown) => `${encodeURIComponent(key)}=${encoded(String(one))}`;
  if (Array.isArray(value) && isExploded) return value.map((one) => pair(name, one));
  if (!isMapping(value)) return [pair(name, text)];
  const isDeep = style === 'deepObject';
  return Object.entries(value).map(([key, one]) => pair(isDeep ? `${name}[${key}]` : key, one));
}
