import type { CapturedBody, Field } from './capture.ts';
import type { Draft } from './draft.ts';

/** What a browser, curl or a proxy adds to every request, and Artillery by itself. */
const NOISE =
  /^(?:sec-.*|:.*|user-agent|content-length|connection|keep-alive|proxy-.*|accept-(?:encoding|language|charset)|cache-control|pragma|priority|dnt|te|trailer|transfer-encoding|upgrade.*|expect|if-modified-since|if-range|range|via|forwarded|x-forwarded-.*|x-real-ip|save-data|device-memory|downlink|ect|rtt|viewport-width|traceparent|tracestate|baggage|sentry-trace|newrelic|x-newrelic-.*|x-b3-.*|b3|x-datadog-.*|x-amzn-trace-id|x-cloud-trace-context|postman-token|x-postman-.*|from|date)$/i;
/** A server that protects a session in a cookie from other sites looks at these. */
const FOR_COOKIES = /^(?:origin|referer)$/i;

/** The headers that a person would write into a suite. */
export function neededHeaders({ headers, body, origin }: Pick<Draft, 'headers' | 'body' | 'origin'>): Field[] {
  const hasCookie = headers.some(([name]) => /^cookie$/i.test(name));
  return headers
    .filter(([name]) => !NOISE.test(name) && (hasCookie || !FOR_COOKIES.test(name)))
    .filter(([name, value]) => !(/^host$/i.test(name) && isHostOf(origin, value)))
    .filter(([name, value]) => !(/^accept$/i.test(name) && isBroad(value)))
    .filter(([name, value]) => !(/^content-type$/i.test(name) && isImplied(value, body)))
    .map(([name, value]) => [name.toLowerCase(), /^referer$/i.test(name) ? value.replace(/[?#].*$/s, '') : value]);
}

/** The headers of a GET after this request: without its conditions, its key, and what is about its body. */
export const headersOfPage = (headers: readonly Field[]): Field[] =>
  headers.filter(([name]) => !/^(?:content-|if-)|idempot/i.test(name));

/** Another host than that of the URL was written on purpose. */
function isHostOf(origin: string, host: string): boolean {
  const url = URL.parse(origin);
  return url !== null && URL.parse(`${url.protocol}//${host}`)?.host === url.host;
}

/** What every browser sends, for any page or any answer. */
const isBroad = (value: string): boolean =>
  /^\*\/\*$|text\/html|^application\/json, text\/(?:plain|javascript)/.test(value);

/** Artillery sets it by the kind of the body. */
function isImplied(value: string, body: CapturedBody | undefined): boolean {
  switch (body?.kind) {
    case 'json':
      return /^application\/json\s*(?:;|$)/i.test(value);
    case 'form':
      return /urlencoded/i.test(value);
    case 'multipart':
      return /^multipart\//i.test(value);
    case 'text':
      return false;
    case undefined:
      return true;
  }
}
