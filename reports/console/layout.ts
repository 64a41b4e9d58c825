import { stripVTControlCharacters } from 'node:util';

const WIDE =
  /[\p{Emoji_Presentation}\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}]/u;

/** How many columns a text takes: colours take none, emoji and East Asian characters two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Where the lines of a paragraph begin. */
export interface Margins {
  /** Before the first line; may hold a bullet. */
  readonly first: string;
  /** Before all others; by default blanks as wide as `first`. */
  readonly rest?: string;
}

/** A text broken at blanks into lines of at most `columns`; a word that is longer, such as a URL, keeps its own line. */
export function paragraph(text: string, columns: number, { first, rest }: Margins): string[] {
  const hanging = rest ?? ' '.repeat(widthOf(first));
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ').filter((part) => part !== '')) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = hanging;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** The text filled up with blanks to a width in columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** The text followed by blanks up to a width in columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
