import { QUOTED_SECRET_JSON_FIELD, SECRET_JSON_FIELD } from './secret-names.ts';

const MASK = '***';

/**
 * The text with `***` in place of the known secrets, and in place of the values of secret fields: a server may give out
 * secrets that no request carried, such as a fresh token.
 *
 * @param secrets as {@link secretsOf} returns them
 */
export function mask(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
  return known.replace(SECRET_JSON_FIELD, `$1"${MASK}"`).replace(QUOTED_SECRET_JSON_FIELD, `$1\\"${MASK}\\"`);
}
