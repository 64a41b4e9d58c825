import { createHmac } from 'node:crypto';
import { isMapping } from '../../../../model/json.ts';
import { recordedOrderId } from '../order-id.ts';
import { createFinder, type Finder, type Found, type SentRequest } from './finder.ts';
import { replaceFields } from './json-fields.ts';
import { layersOf } from './layers.ts';
import { createMatcher, MIN_LENGTH, type Span } from './matcher.ts';
import { createSeen, MAX_SEEN } from './seen.ts';
import { createSharedSecrets, openSecrets, type SharedSecrets } from './shared-secrets.ts';
import { spellingsOf } from './spellings.ts';

const BLOT = '***';

/** How much of a text is searched. Reports show far less of it. */
const WINDOW = 1 << 17;
/** At the end of a window, a secret may be cut in two: so much is left out. */
const MARGIN = WINDOW / 2;

/** So much of an id stays visible beside its digest. */
const MAX_REST = 100;

/** An escape that lost its end. */
const BROKEN_ESCAPE = /(?:%[0-9a-f]?|\\(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&[#\w]{0,7})$/i;

/** Longer values are no secrets, but files. */
const MAX_LENGTH = 16_384;
/** A target may give out as many fresh secrets as it likes. */
const MAX_FROM_ANSWERS = 20_000;

/** Knows the secrets of a run, and blots them out of everything that is recorded or printed. */
export interface Blotter {
  /** Finds secrets in requests, answers and variables. */
  readonly find: Finder;
  /** Learns from a request that a virtual user sends. The same once more costs next to nothing. */
  sent(request: SentRequest): void;
  /** From now on these are blotted out, in all threads. */
  learn(secrets: readonly Found[]): void;
  /**
   * The text with `***` in place of every secret, cut to so many characters. Default: not cut.
   *
   * @param isBroken its end was lost, perhaps in the middle of a secret; default: false
   */
  text(text: string, maxLength?: number, isBroken?: boolean): string;
  /**
   * An id as the history keeps it. One with a secret in it keeps what may be seen, and gets a digest of the whole under the
   * key of the run: `***-7#…`. So ids that differ stay different, and the same id stays the same, whoever names it.
   */
  id(id: string): string;
  /** The history holds these ids as they are, so they stay as they are. */
  keep(ids: Iterable<string>): void;
  /** All texts in a value, with the names in mappings as they are. */
  all<T>(value: T): T;
}

export interface BlotterOptions {
  /** Default: secrets of its own, for a single thread. */
  readonly shared?: SharedSecrets;
  /** Further names of secrets, as `secrets` in the plugin's block has them. */
  readonly names?: readonly string[];
  /** What the suite itself names in public, such as its seats. It is no secret, whatever else carries it. */
  readonly known?: readonly string[];
}

export function createBlotter({ shared = createSharedSecrets(), names, known = [] }: BlotterOptions = {}): Blotter {
  const log = openSecrets(shared);
  const find = createFinder(names);
  const matcher = createMatcher();
  const secrets = new Set<string>();
  const isPublic = new Set(known);
  /** Ids that the history holds as they are: to blot one of them later would make two ids of it. */
  const clearIds = new Set(known);
  let fromAnswers = 0;

  const take = (secret: string) => {
    if (secrets.has(secret) || isPublic.has(secret)) return;
    secrets.add(secret);
    for (const spelling of spellingsOf(secret)) matcher.add(spelling);
  };
  const isNew = ({ value, isSure, isFresh }: Found): boolean => {
    if (value.length < MIN_LENGTH || value.length > MAX_LENGTH) return false;
    if (secrets.has(value) || isPublic.has(value) || (clearIds.has(value) && !isSure)) return false;
    return isFresh === undefined || fromAnswers++ < MAX_FROM_ANSWERS;
  };
  const spansIn = (text: string, isBroken = false): Span[] => {
    for (const secret of log.news()) take(secret);
    return layersOf(text).flatMap((layer) => {
      const cut = isBroken ? matcher.cutSpanIn(layer.text) : undefined;
      const spans = [...matcher.spansIn(layer.text), ...(cut === undefined ? [] : [cut])];
      return spans.map(({ start, end }) => ({ start: layer.origin(start), end: layer.origin(end) }));
    });
  };
  const text = (whole: string, maxLength = Infinity, isBroken = false): string => {
    const start = isBroken ? whole.slice(0, WINDOW).replace(BROKEN_ESCAPE, '') : whole.slice(0, WINDOW);
    const known = withoutSpans(start, spansIn(start, isBroken), whole.length > WINDOW ? WINDOW - MARGIN : start.length);
    const clean = replaceFields(known, find.isSecret, BLOT);
    return clean.length > maxLength ? clean.slice(0, maxLength) : clean;
  };

  const learn = (found: readonly Found[]) => {
    for (const one of found) {
      // What other threads do not know is not blotted here either: one id must not be two.
      if (isNew(one) && log.add(one.value)) take(one.value);
    }
  };

  return {
    find,
    sent: sentOnce((request) => learn(find.inRequest(request))),
    learn,
    text,
    id(id) {
      const rest = clearIds.has(id) ? id : withoutSpans(id, spansIn(id), id.length);
      if (rest !== id) return `${rest.slice(0, MAX_REST)}#${createHmac('sha256', shared.key).update(id).digest('hex')}`;
      clearIds.add(id);
      return recordedOrderId(id);
    },
    keep(ids) {
      for (const id of ids) clearIds.add(id);
    },
    all: (value) => mapTexts(value, (one) => text(one)) as typeof value,
  };
}

/** Calls `search` with each request once, and only with the headers, path and body that no other request has had. */
function sentOnce(search: (request: SentRequest) => void): (request: SentRequest) => void {
  const requests = new WeakSet<SentRequest>();
  const isNew = createSeen();
  return (request) => {
    if (requests.has(request)) return;
    requests.add(request);
    const { path = '', body } = request;
    const headers = Object.entries(request.headers).filter(([name, value]) => isNew(`${name}: ${value}`));
    search({
      headers: Object.fromEntries(headers),
      ...(isNew(`path ${path}`) && { path }),
      ...(body !== undefined && isNew(`body ${beginningOf(body)}`) && { body }),
    });
  };
}

/** More of a body than is remembered: a longer one is always new. */
const beginningOf = (body: Uint8Array): string => Buffer.from(body.subarray(0, MAX_SEEN + 1)).toString('latin1');

/** The text up to `end`, with the mark in place of each span. */
function withoutSpans(text: string, spans: readonly Span[], end: number): string {
  let clean = '';
  let at = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start >= end) break;
    if (span.end <= at) continue;
    // Where two touch, they are one.
    if (span.start > at || clean === '') clean += text.slice(at, span.start) + BLOT;
    at = span.end;
  }
  return clean + text.slice(at, Math.max(at, end));
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, change)]));
}
