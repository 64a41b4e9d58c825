/** Anything that JSON or YAML writes as a mapping: not null, not a list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a mapping or a list holds something under a key. What every object inherits does not count: a list has no key
 * `values`, although it has a method of that name.
 */
export const hasKey = (at: unknown, key: PropertyKey): at is Readonly<Record<PropertyKey, unknown>> =>
  typeof at === 'object' && at !== null && Object.hasOwn(at, key);

/** What a mapping or a list holds under a key; undefined if it holds nothing there, or cannot hold anything. */
export const ownValue = (at: unknown, key: PropertyKey): unknown => (hasKey(at, key) ? at[key] : undefined);

/** Whether a value of JSON has lists and mappings in one another on more levels than so many. */
export const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)));

/** Invisible characters, those that turn text around or end a line in some programs, and what begins a command of a CI runner. */
const ESCAPED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|#(?=#)|:(?=:)/gu;

/**
 * A value as JSON that is harmless to print: a runner that shows the file obeys nothing in it. It parses to the same value as
 * any other JSON of it.
 *
 * @param space as for JSON.stringify
 */
export function harmlessJson(value: unknown, space?: number): string {
  const json = JSON.stringify(value, undefined, space);
  return json.replace(ESCAPED, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  );
}

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/**
 * The value of a JSON text; undefined where the text is not JSON.
 *
 * A whole number of more digits than a double holds stays text, and so does one that is too large for a double: rounded, an
 * id would name another order.
 */
export const parseJson = (text: string): unknown => parseWith(text, /\d{16}|[eE]\+?\d{3}/, keepDigits);

/** The same with every number as it is written, as text where JavaScript would write it in another way: 1.50, 1e400. */
export const parseJsonExactly = (text: string): unknown => parseWith(text, /\d{16}|\d[.eE]|-0/, keepSource);

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** @param oddNumber found in every text with a number that the reviver changes: a reviver makes parsing slow */
function parseWith(text: string, oddNumber: RegExp, reviver: Reviver): unknown {
  try {
    return oddNumber.test(text) ? JSON.parse(text, reviver) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const keepDigits: Reviver = (_key, value, { source = '' } = {}) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return !Number.isFinite(value) || /^-?\d+$/.test(source) ? source : value;
};

const keepSource: Reviver = (_key, value, { source = '' } = {}) =>
  typeof value === 'number' && String(value) !== source ? source : value;
