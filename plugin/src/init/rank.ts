import { isMapping } from '../../../model/json.ts';
import type { Capture, CapturedRequest } from './capture.ts';
import { draftOf } from './draft.ts';
import { pathOf } from './formats/urls.ts';
import { guessSeat } from './seat-guess.ts';
import { isSecret } from './secrets.ts';

/** How well a request looks like the one that books. */
export interface Ranked {
  readonly request: CapturedRequest;
  readonly points: number;
  /** Why, to follow "because": `its path says "orders"`. */
  readonly because: string;
}

const READS = /^(?:GET|HEAD|OPTIONS|TRACE|CONNECT)$/;
const BOOKS =
  /^(?:book|booking|rebook|reserv(?:e|ation)|order|checkout|purchase|buy|claim|redeem|redemption|rsvp|enroll?|enroll?ment|appointment|hold|bid|rent|rental)s?$/;
/** What is booked, and what it is put into. */
const IS_BOOKED = /^(?:seat|ticket|slot|cart|basket|item|pitch|room|table|stall|spot|allocation|assign|select|pick)s?$/;
const NAMES_SEAT = /^(?:seat|ticket|slot|item|place|pitch|plot|room|table|stall|spot|desk|bed|berth|product|sku)s?$/;
/** These do something else, whatever stands beside them. */
const DOES_OTHER =
  /^(?:login|logon|signin|signout|logout|auth|authenticate|oauth2?|token|refresh|password|signup|register|registration|verify|otp|csrf|track|tracking|collect|analytics|telemetry|metric|log|beacon|pixel|consent|search|filter|query|suggest|validate|validation|check|availability|available|quote|estimate|price|pricing|preview|upload|cancel|cancellation|refund|release|delete|remove|webhook|newsletter|subscribe|chat|message|review|rating|favou?rite|wishlist|locale|language|sync|ping|health|heartbeat|rum|report|export|print|mail|email|invoice)s?$/;
const TRACKERS =
  /(?:^|\.)(?:google-analytics|googletagmanager|doubleclick|facebook|hotjar|segment|mixpanel|amplitude|sentry|newrelic|nr-data|datadoghq|clarity|bing|linkedin|tiktok|criteo|intercom|posthog|plausible|matomo|optimizely|fullstory|logrocket|bugsnag|cookielaw|onetrust|launchdarkly|branch|appsflyer|snowplow|heap|heapanalytics|yandex|gstatic|recaptcha|stripe|paypal)\.[a-z.]+$/i;

/** The requests that may book, the likeliest first. Equal ones keep their order. */
export function rankBookings({ requests }: Capture): Ranked[] {
  const site = siteOfPage(requests);
  return requests
    .filter((request) => !READS.test(request.method) && !onlyReads(request) && !TRACKERS.test(hostOf(request.url)))
    .map((request) => rankOf(request, site))
    .toSorted((a, b) => b.points - a.points);
}

function rankOf(request: CapturedRequest, site: string | undefined): Ranked {
  const words = wordsOf(request);
  const books = words.findLast((word) => BOOKS.test(word));
  const booked = words.findLast((word) => IS_BOOKED.test(word));
  const other = words.find((word) => DOES_OTHER.test(word));
  const seat = guessSeat(draftOf(request), isSecret).sure;
  const namesSeat = seat !== undefined && NAMES_SEAT.test(wordsIn(seat.name)[0] ?? '');
  const points =
    (books === undefined ? 0 : 6) +
    (booked === undefined ? 0 : 3) +
    (namesSeat ? 4 : 0) -
    (other === undefined ? 0 : 10) -
    (site !== undefined && siteOf(request.url) !== site ? 6 : 0) -
    (request.method === 'DELETE' ? 8 : 0) -
    (request.method === 'PUT' || request.method === 'PATCH' ? 1 : 0) +
    pointsOf(request.answer?.status);
  return { request, points, because: reasonOf(books ?? booked, namesSeat ? seat.path : undefined) };
}

function reasonOf(word: string | undefined, seat: string | undefined): string {
  if (word !== undefined) return `it says "${word}"${seat === undefined ? '' : `, and ${seat} names what is booked`}`;
  return seat === undefined ? 'nothing else in the input changes anything' : `${seat} names what is booked`;
}

/** A refusal for want of a seat shows the right request as well as a success does. */
function pointsOf(status: number | undefined): number {
  if (status === undefined) return 0;
  if (status === 201 || status === 202 || status === 409) return 2;
  if (status === 204) return -1;
  return status < 400 ? 1 : -2;
}

/** Words of the path and of the name, without parameters and values. */
function wordsOf(request: CapturedRequest): string[] {
  const template = request.alsoCalled?.find((name) => name.includes('{')) ?? pathOf(request.url);
  const path = pathOf(template.replace(/^[A-Z]+[ :]/, '')).replace(/\{[^}]*\}/g, '');
  const name = request.name.startsWith(`${request.method} `) ? '' : request.name;
  return [...wordsIn(path), ...wordsIn(name), ...wordsIn(mutationOf(statementOf(request) ?? ''))];
}

/** `placeOrder` and `place-order` are two words. */
const wordsIn = (text: string): string[] =>
  text
    .slice(0, 500)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/\b(?:log|sign|check)[-_ ](?:in|on|out)\b/gi, (word) => word.replace(/[-_ ]/, ''))
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');

const STATEMENT = /^\s*(?:#.*\s*)*(?:query|mutation|subscription|fragment|\{)/;

/** The statement of a GraphQL request. */
function statementOf({ body }: CapturedRequest): string | undefined {
  const query = body?.kind === 'json' && isMapping(body.value) ? body.value.query : undefined;
  return typeof query === 'string' && STATEMENT.test(query) ? query.slice(0, 5000) : undefined;
}

/** The name of a mutation, and its first field. */
const mutationOf = (statement: string): string =>
  /\bmutation\b\s*(\w*)[^{]*\{\s*(?:\w+\s*:\s*)?(\w*)/.exec(statement)?.slice(1).join(' ') ?? '';

const onlyReads = (request: CapturedRequest): boolean => {
  const statement = statementOf(request);
  return statement !== undefined && !/\bmutation\b/.test(statement);
};

const hostOf = (url: string): string => /^https?:\/\/([^/?#:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';

/** `api.shop.test` and `www.shop.test` are one site. */
const siteOf = (url: string): string => hostOf(url).split('.').slice(-2).join('.');

/** The site of the first page that was loaded; undefined where the input shows no page. */
function siteOfPage(requests: readonly CapturedRequest[]): string | undefined {
  const page = requests.find(
    ({ answer }) =>
      answer !== undefined &&
      answer.status < 300 &&
      answer.headers.some(([name, value]) => /^content-type$/i.test(name) && /^text\/html/i.test(value)),
  );
  return page === undefined ? undefined : siteOf(page.url);
}
