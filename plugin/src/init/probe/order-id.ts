import type { ReadableAnswer } from '../../recording/index.ts';
import { createGaps, escaped, type Gaps } from './gaps.ts';
import { type Leaf, lastName, leavesOf } from './leaves.ts';
import { placeIn } from './location.ts';
import { ID_NAME, ORDER_ID_NAME, ORDER_NAME, OTHER_NAME, PASSING_NAME, REFERENCE_NAME } from './names.ts';
import { piecesOf } from './runs.ts';

/** Where an answer names its order: as `outcome.orderId` is written. */
export type Where = string | { readonly header: string; readonly match: string } | { readonly text: string };

export interface Found {
  readonly where: Where;
  readonly value: string;
}

export interface OrderIdHints {
  /** What was sent: the seat, the users. It names no order. */
  readonly sent: readonly string[];
  /** What the read-back said before the booking: what it names is older. */
  readonly before?: string | undefined;
  /** What the read-back said after it. */
  readonly after?: string | undefined;
  /** Both bookings were made by the same user, so what differs is not about who booked. */
  readonly isSameUser?: boolean | undefined;
}

/** The id of the order in the answer to a booking; undefined where nothing looks like one. */
export function orderIdIn(answer: ReadableAnswer, hints: OrderIdHints): Found | undefined {
  const gaps = createGaps(hints.sent);
  const found = [...jsonIds(answer, gaps, hints), ...placeIds(answer, gaps), ...textIds(answer, gaps)];
  return found.toSorted((a, b) => b.score - a.score)[0];
}

type Scored = Found & { readonly score: number };

function jsonIds({ json }: ReadableAnswer, gaps: Gaps, hints: OrderIdHints): readonly Scored[] {
  return leavesOf(json, gaps).flatMap((leaf) => {
    const value = String(leaf.value);
    if (!isIdLike(leaf) || gaps.isOwn(value) || isWordIn(hints.before, value)) return [];
    const named = scoreOf(leaf);
    // A read-back that names it, and did not before, proves that it is an id of this booking.
    const score = isWordIn(hints.after, value) ? Math.max(named, 1) + 200 : named;
    return score <= 0 || isOtherThing(leaf) ? [] : [{ where: leaf.path, value, score: score - leaf.names.length }];
  });
}

function isIdLike({ value }: Leaf): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return (
    typeof value === 'string' && /^[\w.:/+=-]{1,128}$/.test(value) && (/\d/.test(value) || /^[A-Z]{4,12}$/.test(value))
  );
}

function scoreOf(leaf: Leaf): number {
  const name = lastName(leaf);
  const parent = leaf.names.at(-2) ?? '';
  if (PASSING_NAME.test(name)) return 0;
  if (ORDER_ID_NAME.test(name)) return 100;
  if (ORDER_NAME.test(parent)) return ID_NAME.test(name) ? 90 : REFERENCE_NAME.test(name) ? 80 : 0;
  if (ID_NAME.test(name)) return 70;
  if (ORDER_NAME.test(name)) return 65;
  if (REFERENCE_NAME.test(name)) return typeof leaf.value === 'number' && /^code|number$/i.test(name) ? 0 : 55;
  return 0;
}

/** The id of a user or of a seat is no id of an order. */
const isOtherThing = (leaf: Leaf): boolean =>
  leaf.names.some((name) => OTHER_NAME.test(name)) && !leaf.names.some((name) => ORDER_ID_NAME.test(name));

const isWordIn = (text: string | undefined, value: string): boolean =>
  text !== undefined && new RegExp(`(?<![\\w-])${escaped(value)}(?![\\w-])`).test(text);

const ORDER_PATH =
  /\/((?:orders?|bookings?|reservations?|tickets?|purchases?|appointments?|registrations?|confirmations?|checkouts?)\/)([^/?#]+)/i;

/** `/orders/17` in `location`. */
function placeIds(answer: ReadableAnswer, gaps: Gaps): readonly Scored[] {
  const place = placeIn(answer) ?? answer.header('location')[0] ?? '';
  const [, before = '', value = ''] = ORDER_PATH.exec(place) ?? [];
  const isId = /\d/.test(value) || /^[A-Z]{4,12}$/.test(value);
  if (!isId || gaps.isOwn(decoded(value))) return queryIds(place, gaps);
  const group = /^\d+$/.test(value) ? '\\d+' : '[^/?#]+';
  return [{ where: { header: 'location', match: `/${before}(${group})` }, value, score: 75 }];
}

/** `/thanks?order=17`. */
function queryIds(place: string, gaps: Gaps): readonly Scored[] {
  return [...place.matchAll(/[?&]([\w-]+)=([^&#]+)/g)].flatMap(([, name = '', value = '']) =>
    (ORDER_ID_NAME.test(name) || ORDER_NAME.test(name) || ID_NAME.test(name)) &&
    /\d/.test(value) &&
    !gaps.isOwn(decoded(value))
      ? [{ where: { header: 'location', match: `[?&]${name}=([^&#]+)` }, value, score: 60 }]
      : [],
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const SAID =
  /\b(?:order|booking|reservation|confirmation|ticket|reference|ref)\b\.?(?:\s{1,9}(?:id|no|nr|number|code|ref|reference))?\.?(?:\s{1,9}is)?\s{0,9}[:#]?\s{0,9}#?((?=[\w-]{0,64}\d)[\w-]{1,64})/gi;

/** `Order no. 17` on a page. */
function textIds({ json, text }: ReadableAnswer, gaps: Gaps): readonly Scored[] {
  if (json !== undefined) return [];
  return piecesOf(text).flatMap((piece) =>
    [...piece.matchAll(SAID)].flatMap(({ 0: all, 1: value = '' }) => {
      if (gaps.isOwn(value) || /^\d{4}-\d\d-\d\d/.test(value)) return [];
      const before = escaped(all.slice(0, -value.length)).replace(/\s+/g, '\\s+');
      return [{ where: { text: `/${before}(${/^\d+$/.test(value) ? '\\d+' : '[\\w-]+'})/` }, value, score: 50 }];
    }),
  );
}
