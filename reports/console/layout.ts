import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Where the lines of a paragraph begin. */
export interface Margins {
  /** Before the first line; may hold a bullet. */
  readonly first: string;
  /** Before all others, at most as wide as `first`; by default blanks as wide as `first`. */
  readonly rest?: string;
}

/** Breaks a text at blanks into lines of at most `columns`. A longer word, such as a URL, gets a line to itself. */
export function paragraph(text: string, columns: number, { first, rest }: Margins): string[] {
  const margin = rest ?? ' '.repeat(stringWidth(first));
  // The first line has a wider margin: underscores stand in for the difference while the text is wrapped.
  const standIn = '_'.repeat(stringWidth(first) - stringWidth(margin));
  const lines = wrapAnsi(standIn + text, columns - stringWidth(margin)).split('\n');
  return lines.map((line, index) => (index === 0 ? first + line.slice(standIn.length) : margin + line));
}

/** Blanks, then the text: `width` columns together. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** The text, then blanks: `width` columns together. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
