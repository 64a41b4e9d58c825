/** A pattern looks at so many characters of a text: a target chooses the text, and a slow pattern must not stop the run. */
export const MAX_MATCHED = 65_536;

const SLASHES = /^\/(.+)\/([a-z]*)$/s;

/**
 * The pattern in a text that is `/…/` with valid flags; undefined for every other text, which stands for itself.
 *
 * @throws SyntaxError if the part between the slashes is no regular expression
 */
export function patternIn(text: string): RegExp | undefined {
  const [, source = '', flags = ''] = SLASHES.exec(text) ?? [];
  return source !== '' && areFlags(flags) ? new RegExp(source, flags) : undefined;
}

/**
 * A pattern that is written bare or in slashes.
 *
 * @throws SyntaxError if it is no regular expression
 */
export const barePattern = (text: string): RegExp => patternIn(text) ?? new RegExp(text);

/** The first match in a text, however often the pattern was used before. */
export function matchIn(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text.slice(0, MAX_MATCHED));
}

function areFlags(flags: string): boolean {
  try {
    new RegExp('', flags);
    return true;
  } catch {
    return false;
  }
}
