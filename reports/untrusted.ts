import { stripVTControlCharacters } from 'node:util';

/** How many characters of a message or body a report repeats. */
export const MESSAGE_LENGTH = 200;

/** How many characters of an id a report repeats: no real id is that long. */
export const ID_LENGTH = 120;

/**
 * Makes text from outside (a server's message, an order id, an inventory key) safe to show on one line: no terminal
 * escapes, no control, invisible or direction-changing characters, line breaks as spaces, and at most `maxLength`
 * characters, the last of them `…` if it was cut.
 *
 * It does not escape for HTML, Markdown or XML: that is the renderer's job.
 */
export function printable(text: string, maxLength: number = MESSAGE_LENGTH): string {
  // A hostile body may have megabytes. This much is enough, whatever the expressions below remove.
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
