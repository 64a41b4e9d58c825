import { type Amount, addUp, compareAmounts, DECIMAL } from '../../../model/decimal.ts';
import { leaving, type Reading, type Subject } from './read-back.ts';

/** What a statement returned. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const COLUMNS = ['order_id', 'owner', 'units', 'remaining'] as const;
const MAX_ROWS = 20_000;

/**
 * Reads who owns a subject: each row is a booking (`order_id`, `owner`), or rows say how many `units` are booked or
 * `remaining`. A row without an id and an owner is no booking, as an outer join gives it; units that are NULL are none, as
 * a sum over nothing gives it.
 */
export function readRows({ columns, rows }: Table, subject: Subject): Reading {
  if (rows.length > MAX_ROWS) return { error: `the statement returns more than ${MAX_ROWS} rows` };
  const names = columns.map((name) => name.toLowerCase());
  const has = (name: (typeof COLUMNS)[number]) => names.includes(name);
  if (!COLUMNS.some(has))
    return {
      error: `the statement returns none of the columns ${COLUMNS.join(', ')}, but ${columns.join(', ') || 'none'}`,
    };
  const valueIn = (row: readonly unknown[], name: (typeof COLUMNS)[number]) => textOf(row[names.indexOf(name)]);
  const bookings = rows
    .map((row) => ({ id: valueIn(row, 'order_id'), owner: valueIn(row, 'owner') }))
    .filter(({ id, owner }) => id !== undefined || owner !== undefined);
  const named = has('order_id') ? bookings.filter(({ id }) => id !== undefined) : bookings;
  const who = {
    orderIds: named.flatMap(({ id }) => id ?? []),
    ...(has('owner') && { owners: named.map(({ owner }) => owner ?? '') }),
  };
  if (has('remaining')) {
    const left = amountsOf(rows.map((row) => valueIn(row, 'remaining')));
    if (rows.length === 0) return { error: 'the statement returns no row that says what remains' };
    return left === undefined ? { error: 'remaining is no number' } : leaving(addUp(left), subject, who);
  }
  if (!has('units')) return { units: bookings.length, ...who };
  const amounts = amountsOf(rows.map((row) => valueIn(row, 'units') ?? '0'));
  const units = amounts === undefined ? Number.NaN : Number(addUp(amounts));
  if (!Number.isSafeInteger(units) || units < 0) return { error: 'units is no whole number from 0' };
  return { units, ...who };
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

function amountsOf(texts: readonly (string | undefined)[]): Amount[] | undefined {
  const amounts = texts.flatMap((text) => (text !== undefined && DECIMAL.test(text) ? [wholeOr(text)] : []));
  return amounts.length === texts.length ? amounts : undefined;
}

/** `3.00` is 3. */
const wholeOr = (text: string): Amount =>
  Number.isSafeInteger(Number(text)) && compareAmounts(text, Number(text)) === 0 ? Number(text) : text;
