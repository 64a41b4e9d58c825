import { escaped, type Gaps } from './gaps.ts';
import { BOOKING, REFUSING } from './names.ts';

/** Words of an answer that the others do not have, in a row. */
export interface Run {
  readonly text: string;
  /** It says yes, or no, in words that everybody knows. */
  readonly isTelling: boolean;
}

const WORD = /\p{L}[\p{L}'’]*/gu;
const MIN_LETTERS = 2;
const MAX_RUN = 60;

export const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(WORD) ?? [];

/**
 * The runs of a text, the telling ones first.
 *
 * @param known words of the other answers, in lower case: what they say too tells nothing
 */
export function runsIn(text: string, known: ReadonlySet<string>, gaps: Gaps, isSuccess: boolean): readonly Run[] {
  const telling = isSuccess ? BOOKING : REFUSING;
  return gaps
    .split(text)
    .filter(({ isGap }) => !isGap)
    .flatMap((part) => rowsOf(part.text, known))
    .map((row) => ({ text: tellingPart(row, telling) ?? row.slice(0, MAX_RUN), isTelling: telling.test(row) }))
    .filter((run) => run.text.replace(/[^\p{L}]/gu, '').length >= MIN_LETTERS)
    .toSorted((a, b) => Number(b.isTelling) - Number(a.isTelling));
}

function rowsOf(text: string, known: ReadonlySet<string>): readonly string[] {
  const rows: { from: number; to: number }[] = [];
  let isOpen = false;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const isNew = !known.has(word.toLowerCase());
    const row = rows.at(-1);
    if (isNew && isOpen && row !== undefined) row.to = index + word.length;
    else if (isNew) rows.push({ from: index, to: index + word.length });
    isOpen = isNew;
  }
  return rows.map(({ from, to }) => text.slice(from, to));
}

/** From the first telling word to the last: around them may stand what only this seat is called. */
function tellingPart(row: string, telling: RegExp): string | undefined {
  const found = [...row.matchAll(new RegExp(telling.source, 'giu'))];
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const whole = row.slice(first.index, last.index + last[0].length);
  return whole.length <= MAX_RUN ? whole : first[0];
}

/** A run as a text that an answer must contain; white space may be wrapped in another way. */
export const asText = ({ text }: Run): string =>
  /[\r\n\t]| {2}/.test(text) ? `/${escaped(text).replace(/\s+/g, '\\s+')}/` : text;

export const asPattern = ({ text }: Run): string => `/${escaped(text).replace(/\s\s+|[^\S ]/g, '\\s+')}/`;

/** What people read of a page, or of a text, in pieces that stand in it as they are. */
export const piecesOf = (text: string): readonly string[] =>
  (/^\s*</.test(text) ? withoutScripts(text).split(/<[^<>]*>/) : text.split(/\r?\n/))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .slice(0, MAX_PIECES);

const MAX_PIECES = 5000;

const withoutScripts = (text: string): string =>
  text
    .split(/<(?=(?:script|style)\b)/i)
    .map((part) => part.replace(/^(script|style)\b[\s\S]*?<\/\1\s*>/i, ''))
    .join('<br>');
