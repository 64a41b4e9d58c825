import { pluralOf } from './words.ts';

/** Nearest-rank percentile of an ascending list, so always one of the values; undefined for an empty list. */
export function percentile(ascending: ArrayLike<number>, share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)];
}

/** All values of the lists in one, ascending. */
export function ascending(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(sum(lists.map(({ length }) => length)));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}

/** The largest value; -Infinity for an empty list. `Math.max(...values)` overflows the stack at some 100,000 values. */
export const maxOf = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);

/** The smallest value; Infinity for an empty list. */
export const minOf = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** A count with its noun: `1 success`, `1600 failures`. `many` is the plural if the usual rules do not make it. */
export const plural = (
  count: number,
  one: string,
  many = pluralOf(one),
  show: (count: number) => string = String,
): string => `${show(count)} ${count === 1 ? one : many}`;

/** The same with digits in groups of three: `1 attempt`, `1,600 attempts`. */
export const counted = (count: number, one: string, many?: string): string =>
  plural(count, one, many, (value) => value.toLocaleString('en-US'));
