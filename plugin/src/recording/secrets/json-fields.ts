/*
 * Fields of JSON in a text that need not be JSON as a whole: it may be cut off, or hold JSON in a string. A target chooses
 * the text, so no repetition may backtrack for long: each is bounded, or cannot overlap with the next.
 */

const NUMBER = '(-?\\d[\\d.]{3,63})';
/** Groups: everything before the value, the name, the value if it is text, the value if it is a number. */
const FIELD = fieldIn('"', '[^"\\\\]*(?:\\\\.[^"\\\\]*)*');
/** In a JSON text that is itself a string in JSON, the quotes are escaped. */
const QUOTED_FIELD = fieldIn('\\\\"', '[^"\\\\]*(?:\\\\\\\\\\\\.[^"\\\\]*)*');

function fieldIn(quote: string, value: string): RegExp {
  return new RegExp(
    `(${quote}([^"\\\\:{}]{1,130})${quote}\\s{0,64}:\\s{0,64})(?:${quote}(${value})(?:${quote})?|${NUMBER})`,
    'g',
  );
}

export const jsonFieldsIn = (text: string): readonly (readonly [name: string, value: string])[] =>
  [FIELD, QUOTED_FIELD].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(
      ([, , name = '', value, number = '']) => [name, unescaped(value) ?? number] as const,
    ),
  );

/** The text with another value in each field that is a secret. */
export function replaceFields(
  text: string,
  isSecret: (name: string, value: string) => boolean,
  replacement: string,
): string {
  const replace = (quote: string) => (whole: string, start: string, name: string, value?: string, number?: string) =>
    isSecret(name, value ?? number ?? '') ? `${start}${quote}${replacement}${quote}` : whole;
  return text.includes('"') ? text.replace(FIELD, replace('"')).replace(QUOTED_FIELD, replace('\\"')) : text;
}

function unescaped(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : String(JSON.parse(`"${value}"`));
  } catch {
    return value;
  }
}
