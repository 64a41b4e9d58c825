import { type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { isMapping } from '../../../../model/json.ts';
import type { CapturedBody, CapturedRequest, Field } from '../capture.ts';

/** A request of a suite that exists. */
export interface SuiteRequest {
  /** `POST /orders`, as the suite writes it. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  /** The mapping below `post:`; a line is added to it. */
  readonly node: YAMLMap;
  /** The same as a value. */
  readonly value: Readonly<Record<string, unknown>>;
}

const METHODS = /^(?:get|post|put|patch|delete)$/;

/** All requests in the flows of a suite, in order, in loops and parallel blocks too. */
export function requestsIn(doc: Document): SuiteRequest[] {
  const found: SuiteRequest[] = [];
  const seen = new Set<unknown>();
  const walk = (given: unknown): void => {
    const node = isAlias(given) ? given.resolve(doc) : given;
    if (!isCollection(node) || seen.has(node)) return;
    seen.add(node);
    for (const item of node.items) {
      if (!isPair(item)) walk(item);
      else {
        const method = isScalar(item.key) ? String(item.key.value) : '';
        const request = METHODS.test(method) ? requestAt(method, item.value, doc) : undefined;
        if (request === undefined) walk(item.value);
        else if (!seen.has(request.node)) {
          seen.add(request.node);
          found.push(request);
        }
      }
    }
  };
  for (const flow of flowsOf(doc)) walk(flow);
  return found;
}

function flowsOf(doc: Document): unknown[] {
  const scenarios = doc.get('scenarios', true);
  const list = isAlias(scenarios) ? scenarios.resolve(doc) : scenarios;
  if (!isSeq(list)) return [];
  return list.items.map((given) => {
    const scenario = isAlias(given) ? given.resolve(doc) : given;
    return isMap(scenario) ? scenario.get('flow', true) : undefined;
  });
}

function requestAt(method: string, given: unknown, doc: Document): SuiteRequest | undefined {
  const node = isAlias(given) ? given.resolve(doc) : (given as Node | undefined);
  if (!isMap(node)) return undefined;
  const value: unknown = node.toJS(doc);
  if (!isMapping(value)) return undefined;
  const url = value.url ?? value.uri;
  if (typeof url !== 'string') return undefined;
  return { name: `${method.toUpperCase()} ${url}`, method: method.toUpperCase(), url, node, value };
}

/**
 * The requests that `POST /orders` means: those that are written so, else those that it fits. A template, `{id}`, `:id` and
 * `*` each stand for any part of a path.
 */
export function requestsMeant(all: readonly SuiteRequest[], wanted: string): SuiteRequest[] {
  const [, verb = '', path = ''] = /^\s*([A-Za-z]+)[\s:]+(.*?)\s*$/s.exec(wanted) ?? [];
  const same = all.filter(({ method }) => method === verb.toUpperCase());
  const exact = same.filter(({ url }) => url === path || partsOf(url).join('/') === partsOf(path).join('/'));
  return exact.length > 0 ? exact : same.filter(({ url }) => fits(partsOf(url), partsOf(path)));
}

const fits = (parts: readonly string[], wanted: readonly string[]): boolean =>
  parts.length === wanted.length &&
  parts.every((part, at) => part === wanted[at] || [part, wanted[at] ?? ''].some((one) => /\{.*\}|^:|^\*$/.test(one)));

/** The path without the host, the query and a slash at its end. */
const partsOf = (url: string): string[] =>
  url
    .replace(/^(?:https?:\/\/[^/?#]*|\{\{[^/]*\}\}(?=\/|$))/i, '')
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter((part, at, parts) => part !== '' || (at > 0 && at < parts.length - 1));

/** The request as captured ones are, so that its seat is found in the same way. */
export function capturedFrom({ name, method, url, value }: SuiteRequest): CapturedRequest {
  const fields = (given: unknown): Field[] =>
    isMapping(given) ? Object.entries(given).map(([key, one]) => [key, String(one)]) : [];
  const query = fields(value.qs).map(([key, one]) => `${encodeURIComponent(key)}=${encodeURIComponent(one)}`);
  const body = bodyOf(value, fields);
  return {
    name,
    method,
    url: query.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${query.join('&')}`,
    headers: fields(value.headers),
    ...(body !== undefined && { body }),
  };
}

function bodyOf(value: SuiteRequest['value'], fields: (given: unknown) => Field[]): CapturedBody | undefined {
  const { json, form, formData, body } = value;
  if (json !== undefined) return { kind: 'json', value: json, text: JSON.stringify(json) };
  if (form !== undefined) return { kind: 'form', fields: fields(form) };
  if (formData !== undefined) return { kind: 'multipart', fields: fields(formData) };
  return typeof body === 'string' ? { kind: 'text', text: body } : undefined;
}
