import type { Inventory } from './history.ts';

/** What stands for placeholders, by name: `key`, and the fields of the inventory. A JSON number stays one. */
export type Values = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g;

/** The names in braces, each once: some may be no placeholders, such as a field of a GraphQL query. */
export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)),
];

/** What the placeholders about one key of an inventory stand for: the inventory itself, or one of its parts. */
export const valuesOf = ({ fields }: Pick<Inventory, 'fields'>, key: string | number): Values => ({ ...fields, key });

/** Whether the text holds a placeholder: the key, or a field of the inventory. */
export const hasPlaceholder = (text: string, values: Values): boolean =>
  namesIn(text).some((name) => Object.hasOwn(values, name));

/**
 * A path or URL with its placeholders filled in. A name that is no field stands for the key where it is alone in its URL.
 *
 * @returns undefined where a name stands for nothing: see {@link unknownNamesInUrl}
 */
export function fillUrl(url: string, values: Values): string | undefined {
  if (unknownNamesInUrl(url, values).length > 0) return undefined;
  return url.replace(PLACEHOLDER, (_all, name: string) => encodeURIComponent(textIn(values, name).toWellFormed()));
}

const textIn = (values: Values, name: string): string =>
  String(Object.hasOwn(values, name) ? values[name] : values.key);

/**
 * What a URL would lose: a value with half a letter (a surrogate alone), and a value `.` or `..` that is a whole part of the
 * path. Every URL drops such a part, encoded or not, and then asks about something else.
 */
export function lostInUrl(url: string, values: Values): string | undefined {
  const torn = namesIn(url).find((name) => !textIn(values, name).isWellFormed());
  if (torn !== undefined) return textIn(values, torn);
  const [path = ''] = url.split(/[?#]/);
  return path
    .split('/')
    .filter((part) => namesIn(part).length > 0)
    .map((part) => fillUrl(part, values))
    .find((part) => part === '.' || part === '..');
}

/** The names in a URL that stand for nothing. */
export function unknownNamesInUrl(url: string, values: Values): string[] {
  const names = namesIn(url);
  const unknown = names.filter((name) => !Object.hasOwn(values, name));
  return names.length === 1 ? [] : unknown;
}

/**
 * A JSONPath with its placeholders filled in. In quotes, a value is part of that text, escaped; bare, a number is a number,
 * and anything else a text in quotes. After a dot, it is the name of a member.
 */
export function fillJsonPath(path: string, values: Values): string {
  let filled = '';
  let quote = '';
  for (let at = 0; at < path.length; at++) {
    const char = path[at] ?? '';
    const name = /^\{([A-Za-z_]\w*)\}/.exec(path.slice(at))?.[1];
    if (name !== undefined && Object.hasOwn(values, name)) {
      filled = quote === '' ? withBare(filled, values[name]) : filled + escapedIn(quote, values[name]);
      at += name.length + 1;
      continue;
    }
    filled += char;
    if (quote === '') quote = char === "'" || char === '"' ? char : '';
    else if (char === '\\') filled += path[++at] ?? '';
    else if (char === quote) quote = '';
  }
  return filled;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function withBare(before: string, value: string | number | undefined): string {
  const text = String(value);
  const literal = `'${escapedIn("'", text)}'`;
  if (before.endsWith('..')) return `${before}[${literal}]`;
  if (before.endsWith('.')) return `${before.slice(0, -1)}[${literal}]`;
  return before + (JSON_NUMBER.test(text) ? text : literal);
}

/** As RFC 9535 (2.3.1) escapes: like JSON, and the quote. */
function escapedIn(quote: string, value: string | number | undefined): string {
  const json = JSON.stringify(String(value)).slice(1, -1);
  return quote === '"' ? json : json.replaceAll('\\"', '"').replaceAll("'", "\\'");
}

/**
 * A JSON body with its placeholders filled in, in every text. A text that is just one placeholder becomes the value, so a
 * number stays a number. In a longer text, a value between double quotes is escaped, as in a GraphQL query.
 */
export function fillJson(json: unknown, values: Values): unknown {
  if (typeof json === 'string') return fillText(json, values);
  if (Array.isArray(json)) return json.map((item) => fillJson(item, values));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [String(fillText(name, values)), fillJson(value, values)]),
  );
}

function fillText(text: string, values: Values): string | number {
  const alone = /^\{([A-Za-z_]\w*)\}$/.exec(text)?.[1];
  if (alone !== undefined && Object.hasOwn(values, alone)) return values[alone] ?? '';
  return text.replace(PLACEHOLDER, (all, name: string, at: number) => {
    if (!Object.hasOwn(values, name)) return all;
    const value = String(values[name]);
    const isQuoted = text[at - 1] === '"' && text[at + all.length] === '"';
    return isQuoted ? JSON.stringify(value).slice(1, -1) : value;
  });
}

/** A text or a pattern with its placeholders filled in: in a pattern, a value matches only itself. */
export function fillPattern(text: string, values: Values): string {
  const isPattern = text.startsWith('/');
  return text.replace(PLACEHOLDER, (all, name: string) => {
    if (!Object.hasOwn(values, name)) return all;
    const value = String(values[name]);
    // With the flag u, a pattern knows no escaped hyphen.
    return isPattern ? value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('-', '\\x2d') : value;
  });
}
