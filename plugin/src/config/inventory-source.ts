import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { isMapping } from '../../../model/json.ts';
import { jsonPath } from './condition.ts';
import { ConfigError, problemsIn } from './config-error.ts';
import { pathOrUrl } from './path-or-url.ts';
import { requestHeaders } from './request-headers.ts';
import { slipPattern } from './slip-pattern.ts';

const first = z.int().min(1).optional().describe('Only so many of them, from the beginning. Default: all');

const csv = z
  .strictObject({
    csv: z.string().min(1).describe('A CSV file, relative to the script. Its first line names the columns'),
    key: z.string().min(1).describe('The column of the keys. The other columns are fields of the inventory'),
    capacity: z.string().min(1).optional().describe('The column of the capacities. Default: 1'),
    first,
  })
  .meta({ id: 'InventoriesFromCsv', description: 'A CSV file; its values are always text' });

const url = pathOrUrl(/^(\/|https?:\/\/)/, 'must begin with / or be a URL');
const named = {
  get: url
    .optional()
    .describe('What is asked once, before the first virtual user starts: a path below the target, or a URL'),
  post: url.optional().describe('The same, as a POST'),
  json: z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], 'must be a mapping or a list')
    .optional()
    .describe('The body of the POST'),
  headers: requestHeaders.optional().describe('Headers of the request'),
  each: jsonPath
    .optional()
    .describe('The inventories in the answer. The other paths are relative to it. Default: `$[*]`'),
  key: jsonPath.describe('What requests and the read-back call it. A number stays a number in the requests'),
  capacity: jsonPath
    .optional()
    .describe('How many units of it exist. An inventory with 0 units is left out. Default: 1'),
  parts: jsonPath.optional().describe('The parts that orders ask for'),
  first,
};
const known = z.object(named);
const WORDS = Object.keys(named);

const request = z
  .object(named)
  .catchall(jsonPath)
  .superRefine((source, context) => {
    for (const name of Object.keys(source)) {
      const word = WORDS.includes(name) ? undefined : slipOf(name, WORDS);
      if (word !== undefined) context.addIssue({ code: 'custom', path: [name], message: slipMessage(word) });
    }
    if ((source.get === undefined) === (source.post === undefined))
      context.addIssue({ code: 'custom', message: 'must have get or post, and not both' });
  })
  .meta({
    id: 'InventoriesFromRequest',
    description: 'Further names are fields of the inventory, each with its JSONPath',
    patternProperties: { [slipPattern(WORDS)]: false },
  });

/** Where inventories come from, if the suite does not list them. */
export type InventorySource = CsvSource | RequestSource;
export type CsvSource = z.output<typeof csv>;
/** The paths of further fields are under names of their own. */
export interface RequestSource extends z.output<typeof known> {
  readonly [field: string]: unknown;
}

export const inventorySource: z.ZodType<InventorySource, InventorySource> = z.union([csv, request]);

/**
 * Checks a source by itself: as one of several forms of an option, its mistakes would be told in words about lists.
 *
 * @throws ConfigError with one line for each problem
 */
export function checkSource(written: unknown, path: string): void {
  if (!isMapping(written)) return;
  const schema: z.ZodType = 'csv' in written ? csv : request;
  const { error } = schema.safeParse(written);
  if (error !== undefined) throw new ConfigError(problemsIn(error, { schema, input: written, path }));
}

/** The names of the fields that a request finds. */
export const fieldsOf = (source: RequestSource): readonly [name: string, path: string][] =>
  Object.entries(source).flatMap(([name, path]) => (WORDS.includes(name) ? [] : [[name, String(path)]]));

/**
 * The word that a name must be a slip of, because hardly anybody would choose such a name: one letter off (two in a long word),
 * with the same first letter.
 */
export function slipOf(name: string, words: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return words.find((word) => lower[0] === word[0] && distance(lower, word.toLowerCase()) <= (word.length > 5 ? 2 : 1));
}

export const slipMessage = (word: string): string => `is no name for a field; did you mean "${word}"?`;
