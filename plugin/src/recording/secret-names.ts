/** Shorter values are not masked: they would mask ordinary words. */
export const MIN_SECRET_LENGTH = 6;

const WORDS = 'token|secret|password|passwd|api[_-]?key|access[_-]?key|authorization|cookie';
const FIELD_NAME = new RegExp(WORDS, 'i');
const HEADER_NAME = new RegExp(`${WORDS}|session|^x-auth`, 'i');

/** Whether the value of a field in a query, a form or JSON is a secret, by the name of the field. */
export const isSecretField = (name: string): boolean => FIELD_NAME.test(name);
/** Whether the value of a header is a secret, by the name of the header. */
export const isSecretHeader = (name: string): boolean => HEADER_NAME.test(name);

/**
 * A secret field in a JSON text, such as `"access_token": "…"` or `"token": 123456`. Groups: everything before the value, the
 * value if it is text, the value if it is a number.
 */
export const SECRET_JSON_FIELD = secretJsonField('"', '[^"\\\\]*(?:\\\\.[^"\\\\]*)*');
/** The same in a JSON text that is itself a string in JSON: its quotes are escaped. */
export const QUOTED_SECRET_JSON_FIELD = secretJsonField('\\\\"', '[^"\\\\]*(?:\\\\\\\\\\\\.[^"\\\\]*)*');

/** A target chooses the text, so no repetition may backtrack for long: each is bounded, or cannot overlap with the next. */
function secretJsonField(quote: string, value: string): RegExp {
  const name = `${quote}[\\w-]{0,64}(?:${WORDS})[\\w-]{0,64}${quote}\\s{0,64}:\\s{0,64}`;
  return new RegExp(`(${name})(?:${quote}(${value})(?:${quote})?|(\\d{${MIN_SECRET_LENGTH},64}))`, 'gi');
}
