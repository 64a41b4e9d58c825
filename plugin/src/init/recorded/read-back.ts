import { isMapping, parseJson } from '../../../../model/json.ts';
import type { Capture, CapturedRequest } from '../capture.ts';
import { below, leavesIn } from '../json-leaves.ts';
import { around, leavesOfAnswer } from './answers.ts';

/** `readBack` as a suite writes it. */
export type RecordedReadBack = Readonly<Record<string, unknown>> & { readonly get: string };

/**
 * The request that shows whether the seat is sold, where the input has its answer from before the booking and from after it,
 * or where its answer from after it names the order.
 */
export function recordedReadBack(
  capture: Capture,
  booking: CapturedRequest,
  seat: string | number,
): RecordedReadBack | undefined {
  const { earlier, later } = around(capture, booking);
  const origin = originOf(booking.url);
  for (const after of later.toReversed()) {
    if (after.method !== 'GET' || originOf(after.url) !== origin || after.answer?.status !== 200) continue;
    const before = earlier.findLast(({ method, url }) => method === 'GET' && url === after.url);
    const found = aboutSeat(after, before, seat, ordersOf(booking, seat)) ?? inList(after, before, seat);
    if (found !== undefined) return found;
  }
  return undefined;
}

const originOf = (url: string): string => /^(?:https?:\/\/|\{\{)[^/?#]*/i.exec(url)?.[0] ?? '';

/** What the answer to the booking calls the order. */
const ordersOf = (booking: CapturedRequest, seat: string | number): ReadonlySet<string> =>
  new Set(
    leavesOfAnswer(booking)
      .filter(
        ({ name, value }) =>
          /(?:^|_)(?:id|ref|reference|number|code|uuid)$|[a-z](?:Id|Ref|No|Number|Code)$/.test(name) && value !== null,
      )
      .map(({ value }) => String(value))
      .filter((value) => value !== String(seat) && value.length >= 2),
  );

/** A page whose URL names the seat. */
function aboutSeat(
  after: CapturedRequest,
  before: CapturedRequest | undefined,
  seat: string | number,
  orders: ReadonlySet<string>,
): RecordedReadBack | undefined {
  const get = after.url
    .slice(originOf(after.url).length)
    .split(/([/?&=])/)
    .map((part) => (part === encodeURIComponent(String(seat)) ? '{key}' : part))
    .join('');
  if (!get.includes('{key}')) return undefined;
  const order = leavesOfAnswer(after).find(({ value }) => orders.has(String(value)));
  if (order !== undefined) return { get, orderIds: order.path.replace(/\[\d+\]/g, '[*]') };
  const taken =
    before === undefined
      ? undefined
      : changed(parseJson(before.answer?.body ?? ''), parseJson(after.answer?.body ?? ''));
  return taken === undefined ? undefined : { get, taken: { body: taken } };
}

/** A list in which one entry is about the seat. */
function inList(
  after: CapturedRequest,
  before: CapturedRequest | undefined,
  seat: string | number,
): RecordedReadBack | undefined {
  if (before === undefined) return undefined;
  const [now, then] = [after, before].map(({ answer }) => entryOf(parseJson(answer?.body ?? ''), '$', seat, 0));
  if (now === undefined || then === undefined || now.each !== then.each) return undefined;
  const taken = changed(then.entry, now.entry);
  return taken === undefined
    ? undefined
    : { get: after.url.slice(originOf(after.url).length), each: now.each, taken: { body: taken } };
}

interface Entry {
  readonly each: string;
  readonly entry: unknown;
}

const MAX_DEPTH = 6;

/** The first entry of a list that has the seat as one of its own fields. */
function entryOf(value: unknown, path: string, seat: string | number, depth: number): Entry | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    for (const entry of value.filter(isMapping)) {
      const [field] = Object.entries(entry).find(([, inner]) => inner === seat) ?? [];
      const quoted = typeof seat === 'number' ? '{key}' : `'{key}'`;
      if (field !== undefined) return { each: `${path}[?${below('@', field)} == ${quoted}]`, entry };
    }
    return undefined;
  }
  if (!isMapping(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = entryOf(inner, below(path, key), seat, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** These change with each answer. */
const VOLATILE = /time|date|stamp|version|etag|nonce|_at$|At$|views|token/i;

/** The field that the booking changed, and what it says now. */
function changed(before: unknown, after: unknown): Readonly<Record<string, unknown>> | undefined {
  const old = new Map(leavesIn(before).map(({ path, value }) => [path, value]));
  const news = leavesIn(after).filter(
    ({ path, name, value }) =>
      old.has(path) && old.get(path) !== value && !VOLATILE.test(name) && typeof value !== 'number',
  );
  const word = news.find(({ name }) => /status|state|avail|free|taken|sold|booked|reserved/i.test(name)) ?? news[0];
  return word === undefined || word.value === null ? undefined : { [word.path]: word.value };
}
