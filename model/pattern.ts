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

function areFlags(flags: string): boolean {
  try {
    new RegExp('', flags);
    return true;
  } catch {
    return false;
  }
}
