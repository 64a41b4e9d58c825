import * as z from 'zod';
import { jsonPath } from './condition.ts';
import { headerName, pattern } from './pattern.ts';

const fromHeader = z
  .strictObject({
    header: headerName.describe('The name of a header'),
    match: pattern
      .optional()
      .describe(
        'A pattern, bare or in slashes: its first group counts, or all that it matches. Default: the whole line',
      ),
  })
  .meta({ id: 'FromHeader', description: 'A part of a header' });

const fromText = z
  .strictObject({
    text: pattern.describe(
      'A pattern, bare or in slashes, for the raw answer: its first group counts, or all that it matches. With the flag `g`, ' +
        'every match counts, not only the first. It looks at the first 262,144 characters, for at most 100 ms',
    ),
  })
  .meta({ id: 'FromText', description: 'A part of the raw answer' });

/** @param path the schema of a JSONPath */
export const extractorWith = <Path extends z.ZodType>(path: Path) =>
  z.union(
    [path, fromHeader, fromText],
    'must be a JSONPath, or a mapping such as { header: location, match: "/orders/(\\d+)" } or { text: "/no\\. (\\d+)/" }',
  );

/** Where a value is found in an answer. */
export const extractor = extractorWith(jsonPath).meta({
  id: 'Extractor',
  description: 'Where a value is found in an answer: a JSONPath, or a mapping',
});
