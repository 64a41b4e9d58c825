import type { CapturedBody, Field } from './capture.ts';

/** What a browser, curl or a proxy adds to every request, and Artillery by itself. */
const NOISE =
  /^(?:sec-.*|:.*|user-agent|host|content-length|connection|keep-alive|proxy-.*|accept-(?:encoding|language|charset)|cache-control|pragma|priority|dnt|te|trailer|transfer-encoding|upgrade.*|expect|if-.*|range|via|forwarded|x-forwarded-.*|x-real-ip|save-data|device-memory|downlink|ect|rtt|viewport-width|traceparent|tracestate|baggage|sentry-trace|newrelic|x-newrelic-.*|x-b3-.*|b3|x-datadog-.*|x-amzn-trace-id|x-cloud-trace-context|postman-token|x-postman-.*|from|date)$/i;
/** A server that protects a session in a cookie from other sites looks at these. */
const FOR_COOKIES = /^(?:origin|referer)$/i;

/** The headers that a person would write into a suite. */
export function neededHeaders(headers: readonly Field[], body: CapturedBody | undefined): Field[] {
  const hasCookie = headers.some(([name]) => /^cookie$/i.test(name));
  return headers
    .filter(([name]) => !NOISE.test(name) && (hasCookie || !FOR_COOKIES.test(name)))
    .filter(([name, value]) => !(/^accept$/i.test(name) && isBroad(value)))
    .filter(([name, value]) => !(/^content-type$/i.test(name) && isImplied(value, body)))
    .map(([name, value]) => [name.toLowerCase(), /^referer$/i.test(name) ? value.replace(/[?#].*$/s, '') : value]);
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
