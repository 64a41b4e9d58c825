import type { Attempt } from './history.ts';

/** A stretch of time, from its first moment up to, but without, its last. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** ISO 8601 with a zone, to the minute at least: `2026-01-31T09:00Z`, `2026-01-31T09:00:00+01:00`. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/i;
const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** How a moment looks as text; whether such a day exists is not in it. A regular expression without flags, for JSON Schema. */
export const MOMENT = `^\\s*(?:${NUMBER.source.slice(1, -1)}|${INSTANT.source.slice(1, -1).replace('T', '[tT]').replace('Z|', '[zZ]|')})\\s*$`;

/** Where a moment stands on its scale: milliseconds since 1970, or the number itself; undefined if it is neither. */
export function momentOf(written: string | number): number | undefined {
  if (typeof written === 'number') return Number.isFinite(written) ? written : undefined;
  const text = written.trim();
  if (NUMBER.test(text)) return Number(text);
  if (!INSTANT.test(text)) return undefined;
  const ms = Date.parse(inFull(text.toUpperCase().replace(',', '.')));
  return Number.isNaN(ms) || isRolledOver(text) ? undefined : ms;
}

/** `Date.parse` knows no zone such as `+01` or `+0100`. */
const inFull = (text: string) =>
  text.replace(/([+-]\d\d):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);

/** 31 June would count as 1 July. */
function isRolledOver(text: string): boolean {
  const day = text.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day;
}

/** Whether a moment is a number, and not a point in time. */
export const isNumeric = (written: string | number): boolean =>
  typeof written === 'number' || NUMBER.test(written.trim());

/** The stretch that an attempt asked for; undefined where it names none. */
export function stretchOf({ from, to }: Pick<Attempt, 'from' | 'to'>): Stretch | undefined {
  const [first, last] = [from, to].map((moment) => (moment === undefined ? undefined : momentOf(moment)));
  return first === undefined || last === undefined ? undefined : { from: first, to: last };
}

/** The largest set of attempts whose stretches share a moment, in their order; the earliest such moment counts. */
export function deepest<A extends Pick<Attempt, 'from' | 'to'>>(attempts: readonly A[]): readonly A[] {
  const known = attempts.flatMap((attempt) => {
    const stretch = stretchOf(attempt);
    return stretch === undefined ? [] : [{ attempt, ...stretch }];
  });
  // At the same moment, ends come before beginnings: stretches that touch do not overlap.
  const steps = known
    .flatMap(({ from, to }) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let depth = 0;
  let peak = { depth: 0, at: 0 };
  for (const { at, by } of steps) {
    depth += by;
    if (depth > peak.depth) peak = { depth, at };
  }
  return peak.depth === 0
    ? []
    : known.filter(({ from, to }) => from <= peak.at && peak.at < to).map(({ attempt }) => attempt);
}
