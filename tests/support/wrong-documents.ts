import fc from 'fast-check';

/** Every place in a document, as a list of keys. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The document with another value in one place. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = changed((value as Record<string, unknown>)[key], rest, to);
  return copy;
}

const other = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    true,
    [],
    {},
    [null],
    { $ref: '#/paths' },
    { type: 'x' },
    '{{x}}',
    'http://',
    ':',
    '%',
    '{',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    { $ref: '#' },
    { raw: 7 },
    { host: 7, path: 7 },
    { mode: 'raw' },
    [[]],
    undefined,
  ),
  fc.jsonValue(),
);

/** The document with other values in one or two places. */
export const wrongDocument = (document: unknown): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(fc.constantFrom(...placesIn(document)), other), { minLength: 1, maxLength: 2 }).map((changes) =>
    changes.reduce<unknown>((value, [path, to]) => {
      try {
        return changed(value, path, to);
      } catch {
        // The first change took the place of the second away.
        return value;
      }
    }, document),
  );
