import { stripVTControlCharacters } from 'node:util';

/** How many characters of a message or body a report repeats. */
export const MESSAGE_LENGTH = 200;

/** How many characters of an identifier a report repeats: no real id is cut. */
export const ID_LENGTH = 120;

/**
 * Text from outside (a server's message, an order id, an inventory key) made fit to be shown on one line: without
 * terminal escapes, control characters and invisible or direction-changing ones, line breaks as spaces, at most
 * `maxLength` characters with `…` in place of the last where it was cut.
 *
 * It does not escape for HTML, Markdown or XML: that is the renderer's job.
 */
export function printable(text: string, maxLength: number = MESSAGE_LENGTH): string {
  // A hostile body may have megabytes. A fixed part of it is enough, whatever the expressions below take out.
  const beginning = text.slice(0, 8 * maxLength + 64);
  const clean = stripVTControlCharacters(beginning.toWellFormed())
    .replace(/\s*[\r\n\u2028\u2029]\s*/gu, ' ')
    .replaceAll('\t', ' ')
    // Cc: control. Cf: formatting, which holds the bidi controls (U+202A–E, U+2066–9) and zero-width characters.
    .replace(/[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}]/gu, '');
  const characters = Array.from(clean);
  const isCut = characters.length > maxLength || beginning.length < text.length;
  return isCut ? `${characters.slice(0, maxLength - 1).join('')}…` : clean;
}
