import { saidIn } from './attempt.ts';
import type { Attempt } from './history.ts';

/** Longer wordings are cut here. A message is cut later, so ids of different lengths do not move this end. */
const MAX_WORDING = 120;

/** What stands in place of everything that differs from one answer to the next. */
const GAP = '…';

/** A word with a digit in it: a number, an id, a UUID, a part of a time. */
const ID = /[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_-]*/gu;
/** What is left of a time, an amount or a version once its numbers are gone: `…:…:…`, `…/…`, `+…`. */
const GAPS = /[+#-]?…(?:[:.,/+-]…)*/gu;

/**
 * What the answer to an attempt says, without what differs from one attempt to the next: numbers, ids, times, and what the
 * request itself named, such as the key of the inventory. Each becomes `…`. Answers with the same wording give the same
 * reason. Empty where the answer says nothing.
 */
export function wordingOf(attempt: Attempt): string {
  const { inventory, parts = [], user, idempotencyKey } = attempt;
  const named = [inventory, ...parts, user ?? [], idempotencyKey ?? []].flat().toSorted((a, b) => b.length - a.length);
  const anonymous = named.reduce(withoutName, saidIn(attempt));
  const wording = anonymous.replace(ID, GAP).replace(GAPS, GAP).replace(/\s+/g, ' ').trim();
  return wording.length > MAX_WORDING ? `${wording.slice(0, MAX_WORDING - 1)}…` : wording;
}

/** Takes the name out wherever it stands as a word by itself: a seat called "a" must not take the "a" out of "taken". */
function withoutName(text: string, name: string): string {
  if (name.trim() === '' || !text.toLowerCase().includes(name.toLowerCase())) return text;
  const literal = name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, 'giu'), GAP);
}
