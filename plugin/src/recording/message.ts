import { isMapping } from '../../../model/json.ts';
import type { ReadableAnswer } from './answer.ts';
import { type Extractor, extractor, isText } from './extractor.ts';
import { secretNames } from './secrets/names.ts';

/** Fields that sum an error up for people, the most telling first. */
export const MESSAGE_NAMES = [
  'message',
  'detail',
  'error_description',
  'error_message',
  'errorMessage',
  'error',
  'msg',
  'description',
  'reason',
  'title',
  'text',
  'fault',
];
/** What lists the single errors beside a summary. */
const LISTS = ['errors', 'details', 'violations', 'issues', 'invalid_params', 'invalid-params', 'invalidParams'];

/** Errors that are nested deeper say nothing. */
const MAX_DEPTH = 5;
/** A page has its title within so many characters. A target chooses the text, so no search goes through all of it. */
const MAX_PAGE = 16_384;

/**
 * Makes the function that tells what an answer says, on one line: what the suite's extractor finds, else what is usual for an error
 * in JSON, else the JSON itself; the title or the first words of a page; the first line of any other text.
 *
 * @returns undefined for an answer that says nothing
 */
export function messageReader(where: Extractor): (answer: ReadableAnswer) => string | undefined {
  const select = extractor(where);
  return (answer) => {
    const line = saidIn(answer, select(answer)).replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();
    return line === '' ? undefined : line;
  };
}

const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/gu;

function saidIn({ json, text }: ReadableAnswer, selected: readonly unknown[]): string {
  const chosen = textsIn(selected, 0);
  if (isMapping(json)) {
    const texts = chosen.length > 0 ? [...chosen, ...listed(json, 0)] : summaryOf(json, 0);
    return texts.length > 0 ? joined(texts) : rawJson(json, text);
  }
  if (chosen.length > 0) return joined(chosen);
  if (json !== undefined) return joined(textsIn(json, 0));
  return /^\s*</.test(text) ? wordsOfPage(text.slice(0, MAX_PAGE)) : (/\S[^\r\n]*/.exec(text)?.[0] ?? '');
}

const joined = (texts: readonly string[]): string => [...new Set(texts)].join('; ');

const rawJson = (json: object, text: string): string => (Object.keys(json).length === 0 ? '' : text);

const secrecyOf = secretNames();

/** All texts in a value of a JSON answer: of a mapping, those that are usual for an error, else all with their names. */
function textsIn(value: unknown, depth: number): string[] {
  if (isText(value)) return [String(value).trim()];
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.slice(0, 20).flatMap((one) => textsIn(one, depth + 1));
  if (!isMapping(value)) return [];
  const usual = summaryOf(value, depth);
  return usual.length > 0 ? usual : namedTextsIn(value, depth);
}

/** As validation errors are written, by the name of the field: `seat: must be an integer`. */
const namedTextsIn = (value: Readonly<Record<string, unknown>>, depth: number): string[] =>
  Object.entries(value)
    .slice(0, 20)
    .flatMap(([name, inner]) => {
      const texts = secrecyOf(name, 'field') === 'secret' ? [] : textsIn(inner, depth + 1);
      return texts.length === 0 ? [] : `${name}: ${texts.join(', ')}`;
    });

function summaryOf(value: Readonly<Record<string, unknown>>, depth: number): string[] {
  for (const name of MESSAGE_NAMES) {
    const texts = textsIn(value[name], depth + 1);
    if (texts.length > 0) return [...texts, ...listed(value, depth)];
  }
  return listed(value, depth);
}

const listed = (value: Readonly<Record<string, unknown>>, depth: number): string[] =>
  LISTS.flatMap((name) => textsIn(value[name], depth + 1));

function wordsOfPage(page: string): string {
  const title = /<title\b[^<>]{0,200}>([^<]{1,1000})/i.exec(page)?.[1]?.trim() ?? '';
  if (title !== '') return withoutEntities(title);
  return withoutEntities(
    page
      .replace(/<(script|style)\b[\s\S]{0,10000}?<\/\1\s{0,10}>/gi, ' ')
      .replace(/<[^<>]{0,2000}>/g, ' ')
      .trim(),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  apos: "'",
  nbsp: ' ',
};

const withoutEntities = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|apos|nbsp);/g, (_whole, name: string) => ENTITIES[name] ?? '');
