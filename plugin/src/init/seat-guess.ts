import { type Draft, type Leaf, leavesOf } from './draft.ts';
import { stem } from './seat.ts';

/** Names of what is booked, the clearest first. */
const NAMES = [
  /(?:^|_)(?:seat|stall|pitch|plot|room|table|slot|ticket|berth|cabin|court|desk|spot|place|bed|booth|locker)(?:_|$)/,
  /(?:^|_)(?:item|product|sku|unit|offer|variant|listing|property|appointment|lot|inventory|resource|timeslot|stock|asset)(?:_|$)/,
  /^(?:ref|id|code|number|key|name|uuid|slug)$/,
];
/** These say what else an order has. */
const OTHER =
  /event|session|organi[sz]|tenant|customer|user|buyer|guest|account|discount|coupon|voucher|currency|quantity|amount|price|date|time|email|phone|address|country|locale|lang|version|channel|source|status|note|comment|idempot|request|token|payment|order|cart|basket/;

/** Values that may name the seat. */
export interface SeatGuess {
  /** The seat, where there is no doubt. */
  readonly sure?: Leaf;
  /** All that it may be, the likeliest first. */
  readonly candidates: readonly Leaf[];
}

/**
 * Guesses what in a request names the seat.
 *
 * @param isSecret whether a value must not be shown
 */
export function guessSeat(draft: Draft, isSecret: (leaf: Leaf) => boolean): SeatGuess {
  const ranked = leavesOf(draft)
    .filter((leaf) => leaf.in !== 'header' && leaf.in !== 'login' && leaf.in !== 'text')
    .filter(({ value }) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .filter((leaf) => !isSecret(leaf))
    .map((leaf) => ({ leaf, rank: rankOf(leaf) }))
    .filter(({ rank }) => rank < NAMES.length + 1)
    .toSorted((a, b) => a.rank - b.rank);
  const candidates = ranked.map(({ leaf }) => leaf);
  const [best] = ranked;
  const rivals = ranked.filter(
    ({ leaf, rank }) => rank === best?.rank && String(leaf.value) !== String(best.leaf.value),
  );
  const isSure = best !== undefined && rivals.length === 0 && (best.rank < NAMES.length - 1 || candidates.length === 1);
  return { candidates, ...(isSure && { sure: best.leaf }) };
}

/** 0: its name says it. Above the number of names: no. */
function rankOf({ in: place, name, value }: Leaf): number {
  const words = stem(name);
  const rank = NAMES.findIndex((names) => names.test(words));
  if (rank >= 0) return rank;
  if (OTHER.test(words)) return NAMES.length + 1;
  // A part of a path is a word of the API, unless it has a digit: /api/v2/plots/C-14
  const looksLikeId = /\d/.test(String(value)) && !/^v\d+$/.test(String(value));
  return looksLikeId &&
    (place === 'path' ||
      /_(?:id|ref|no|number|code|key|uuid)s?$/i.test(name) ||
      /(?:Id|Ref|No|Number|Code)s?$/.test(name))
    ? NAMES.length
    : NAMES.length + 1;
}
