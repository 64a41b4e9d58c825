import { stripVTControlCharacters } from 'node:util';

/** How many characters of a message or body a report repeats. */
export const MESSAGE_LENGTH = 200;

/** How many characters of an id a report repeats: no real id is that long. */
export const ID_LENGTH = 120;

/**
 * Makes text from outside (a server's message, an order id, an inventory key) safe to show on one line: no terminal
 * escapes, no control, invisible or direction-changing characters, line breaks as spaces, nothing that a CI runner takes for
 * a command, and at most `maxLength` characters, the last of them `…` if it was cut. Of a digest, 8 digits are enough.
 *
 * It does not escape for HTML, Markdown or XML: that is the renderer's job.
 */
export function printable(text: string, maxLength: number = MESSAGE_LENGTH): string {
  // A hostile body may have megabytes. This much is enough, whatever the expressions below remove.
  const beginning = text.slice(0, 8 * maxLength + 64);
  const plain = stripVTControlCharacters(beginning.toWellFormed())
    .replace(/\s*[\r\n\v\f\u0085\u2028\u2029]\s*/gu, ' ')
    .replaceAll('\t', ' ')
    // Cc: control. Cf: formatting, which holds the bidi controls (U+202A–E, U+2066–9) and zero-width characters.
    .replace(/[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}]/gu, '');
  const clean = withoutCommands(plain).replace(/#([0-9a-f]{8})[0-9a-f]{56}(?![0-9a-f])/g, '#$1');
  const characters = Array.from(clean);
  const isCut = characters.length > maxLength || beginning.length < text.length;
  return isCut ? `${characters.slice(0, maxLength - 1).join('')}…` : clean;
}

/**
 * Breaks up what a CI runner would obey, also in the middle of a line or once a line is wrapped: `::stop-commands::` (GitHub),
 * `##[group]`, `##vso[…]` (Azure), `##teamcity[…]`, sections of GitLab and Travis, attachments in JUnit.
 */
function withoutCommands(text: string): string {
  return text
    .replace(/(?<!\S):{2,}/g, (colons) => Array.from(colons).join(' '))
    .replace(/#(?=#[\w-]*\[)/g, '# ')
    .replace(/\[(?=\[ATTACHMENT\b)/gi, '[ ')
    .replace(/(section_(?:start|end)|travis_(?:fold|time)):(?=\S)/g, '$1: ');
}

/** An error for stderr, a line for each problem. What a problem quotes may come from a target. */
export const errorLines = (message: string): readonly string[] =>
  message.split('\n').map((line) => `Error: ${printable(line, MAX_ERROR)}`);

const MAX_ERROR = 2000;
