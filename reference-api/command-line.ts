/** A mistake on the command line. The message is one line; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the value of an option that takes a whole number.
 *
 * @param flag as the user types it, such as `--port`
 * @throws UsageError unless `text` is a whole number from `min` to `max`
 */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${flag}: must be a whole number from ${min} to ${max}, not "${text}"`);
}
