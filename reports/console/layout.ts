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

/** Like {@link paragraph}, but at most `max` lines, the last of them cut with `…`, and no line wider than `columns`. */
export function rows(
  text: string,
  { columns, symbols }: { readonly columns: number; readonly symbols: { readonly ellipsis: string } },
  { first, rest = ' '.repeat(stringWidth(first)), max }: Margins & { readonly max: number },
): string[] {
  const standIn = '_'.repeat(Math.max(0, stringWidth(first) - stringWidth(rest)));
  const room = Math.max(1, columns - stringWidth(rest));
  const lines = wrapAnsi(standIn + text, room, { hard: true }).split('\n');
  const kept = lines.slice(0, max).map((line, index) => (index === 0 ? line.slice(standIn.length) : line));
  if (lines.length > max) {
    const roomOfLast = room - (max === 1 ? standIn.length : 0) - stringWidth(symbols.ellipsis);
    kept[max - 1] = `${cutTo(kept[max - 1] ?? '', roomOfLast).trimEnd()}${symbols.ellipsis}`;
  }
  return kept.map((line, index) => (index === 0 ? first : rest) + line);
}

/** The beginning of a text without escapes: at most so many columns of it. */
function cutTo(text: string, columns: number): string {
  let cut = text;
  while (stringWidth(cut) > columns) cut = Array.from(cut).slice(0, -1).join('');
  return cut;
}

/** How many lines of a screen a text takes that is not wrapped at blanks. */
export const rowsTaken = (text: string, { columns, wraps }: { readonly columns: number; readonly wraps: boolean }) =>
  wraps ? Math.max(1, Math.ceil(stringWidth(text) / columns)) : 1;

/** Blanks, then the text: `width` columns together. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** The text, then blanks: `width` columns together. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
