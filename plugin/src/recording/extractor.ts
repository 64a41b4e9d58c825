import { compile, type JSONPathQuery } from 'json-p3';
import { type Amount, addUp, DECIMAL, isRecordable } from '../../../model/decimal.ts';
import { barePattern } from '../../../model/pattern.ts';
import type { ReadableAnswer } from './answer.ts';
import { matchesIn, matchIn } from './match.ts';

/** Where a value is found in an answer: a JSONPath (RFC 9535), a part of a header, or a part of the raw text. */
export type Extractor =
  | string
  | { readonly header: string; readonly match?: string | undefined }
  | { readonly text: string };

/**
 * Makes the function that finds values in an answer; none where the answer does not hold any. A number is a number where
 * JavaScript writes it as the answer does, and else the text of the answer: `"1.50"`, `"1e400"`. A pattern gives its first
 * group, or all that it matches where it has no group or the group took no part.
 *
 * @throws SyntaxError if a pattern is no regular expression
 */
export function extractor(where: Extractor): (answer: ReadableAnswer) => readonly unknown[] {
  if (typeof where === 'string') return exactSelector(where);
  if ('header' in where) return headerReader(where.header, where.match);
  return textReader(barePattern(where.text));
}

function headerReader(name: string, match: string | undefined): (answer: ReadableAnswer) => readonly string[] {
  const pattern = match === undefined ? undefined : barePattern(match);
  return (answer) =>
    answer.header(name).flatMap((line) => (pattern === undefined ? [line] : foundBy(matchIn(pattern, line))));
}

function textReader(pattern: RegExp): (answer: ReadableAnswer) => readonly string[] {
  if (!pattern.global) return ({ text }) => foundBy(matchIn(pattern, text));
  return ({ text }) => matchesIn(pattern, text).flatMap(foundBy);
}

const foundBy = (match: RegExpExecArray | null): string[] => (match === null ? [] : [match[1] ?? match[0]]);

/** What a JSONPath selects in an answer: nothing where the body is not JSON, or is nested too deep to be searched. */
export function selector(path: string): (answer: ReadableAnswer) => unknown[] {
  const query: JSONPathQuery = compile(path);
  return ({ json }) => {
    if (json === undefined) return [];
    try {
      return query.query(json as Parameters<JSONPathQuery['query']>[0]).values();
    } catch {
      return [];
    }
  };
}

/** What a JSONPath selects, with numbers as the answer writes them: see {@link ReadableAnswer.exact}. */
function exactSelector(path: string): (answer: ReadableAnswer) => unknown[] {
  const select = selector(path);
  return (answer) => {
    const selected = select(answer);
    return holdsNumber(selected, 0) ? select({ ...answer, json: answer.exact() }) : selected;
  };
}

/** Of lists in lists nobody reads more levels, and a target chooses how many there are. */
const MAX_LEVELS = 10;

const holdsNumber = (value: unknown, level: number): boolean =>
  typeof value === 'number' ||
  (Array.isArray(value) && level < MAX_LEVELS && value.some((inner) => holdsNumber(inner, level + 1)));

/** Whether an extracted value can be an id or a message. */
export const isText = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');

/** The first text or number among extracted values, as text; an empty text does not count. */
export function firstText(values: readonly unknown[]): string | undefined {
  const value = values.find(isText);
  return value === undefined ? undefined : String(value);
}

/** All texts and numbers among extracted values and the lists among them, as text. */
export const allTexts = (values: readonly unknown[]): string[] => values.flat().filter(isText).map(String);

/**
 * The exact sum of extracted numbers, such as 3 or `"12.50"`; undefined if there are no numbers, or if anything else is among
 * them; NaN if a history cannot hold one of them or the sum, such as one of 61 digits.
 */
export function sumOf(values: readonly unknown[]): Amount | undefined {
  const texts = values.flat().map((value) => (isText(value) ? String(value).trim() : ''));
  if (texts.length === 0 || !texts.every((text) => NUMBER.test(text))) return undefined;
  const amounts = texts.map(amountOf);
  if (!amounts.every(isRecordable)) return Number.NaN;
  const sum = addUp(amounts);
  return isRecordable(sum) ? sum : Number.NaN;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** A number that is written with an exponent counts where JavaScript holds it exactly. */
function amountOf(text: string): Amount {
  const isExact = Number.isSafeInteger(Number(text));
  if (DECIMAL.test(text)) return isExact && !text.includes('.') ? Number(text) : text;
  return isExact && /e/i.test(text) ? Number(text) : Number.NaN;
}
