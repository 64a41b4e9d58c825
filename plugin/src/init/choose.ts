import { InputError } from '../config/index.ts';
import type { Capture, CapturedRequest, Choice } from './capture.ts';

/**
 * The request that books.
 *
 * @throws InputError if there is none, or if several may be meant
 */
export function bookingRequest({ requests }: Capture, { request: wanted }: Choice): CapturedRequest {
  const named = wanted === undefined ? requests : requests.filter((request) => isCalled(request, wanted));
  if (named.length === 0) {
    throw new InputError(`--request: there is no "${wanted?.slice(0, 60)}"; there are:${listed(requests)}`);
  }
  const booking = named.filter(({ method }) => !/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method));
  const [first, second] = booking;
  if (first === undefined) {
    throw new InputError(`${named[0]?.name}: books nothing: copy the request that books, which is a POST or a PUT`);
  }
  if (second === undefined) return first;
  throw new InputError(`--request: several requests may book; name one of them:${listed(booking)}`);
}

const listed = (requests: readonly CapturedRequest[]): string =>
  requests
    .slice(0, 10)
    .map(({ name }) => `\n  ${name}`)
    .join('');

/** By its name, or by method and path. */
function isCalled({ name, method, url }: CapturedRequest, wanted: string): boolean {
  const path = url.replace(/^(?:https?:\/\/|\{\{)[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return (
    name === wanted ||
    `${method} ${path}`.toLowerCase() ===
      wanted
        .trim()
        .replace(/[\s:]+(?=\/)/, ' ')
        .toLowerCase()
  );
}
