import * as z from 'zod';
import { OPERATIONS } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { conditions } from './condition.ts';
import { ConfigError } from './config-error.ts';
import { extractor } from './extractor.ts';

const functionName = z
  .string()
  .min(1, 'must be the name of a function that config.processor exports')
  .describe(
    'The name of a function that `config.processor` exports. It reads the answer in place of `success` and `refusal`, as ' +
      '`(answer, attempt) => ({ outcome, orderId, units, granted, message })`, where `outcome` is `ok`, `fail` or `info`. It may be ' +
      'async. What it leaves out is read as usual. Default: none',
  );

const redirects = z
  .enum(['judge', 'follow'])
  .describe(
    'Whether a redirect is judged itself, by its status and `location`, or the page at its end: `follow` goes there as a ' +
      'browser does, over at most 10 redirects',
  );

const REFUSALS_OF_ALL =
  'A 401, 403 or 429 counts as one only where a condition names that status, a header or a part of the text';

/** How answers are read where they differ from the usual ones. */
const settled = z.strictObject({
  success: conditions.optional().describe('Default: as for the raced request'),
  refusal: conditions.optional().describe('Default: as for the raced request, if that is written'),
  orderId: extractor.optional().describe('Default: as for the raced request'),
  message: extractor.optional().describe('Default: as for the raced request'),
});

const SETTLED = 'How the answers to a `settles` request are read: it asks what became of an attempt';

const operationOutcome = z.strictObject({
  success: conditions.optional().describe('Default: as for all requests'),
  refusal: conditions.optional().describe('Default: as for all requests'),
  orderId: extractor.optional().describe('Default: as for all requests'),
  message: extractor.optional().describe('Default: as for all requests'),
  units: extractor.optional().describe('Default: as for all requests'),
  granted: extractor.optional().describe('Default: as for all requests'),
  function: functionName.optional().describe('Default: as for all requests, where the operation has no conditions'),
  redirects: redirects.optional().describe('Default: as for all requests'),
  settled: settled.optional().describe('Default: as for all requests'),
});

/** How the answer to a raced request is read. */
export const outcome = z.strictObject({
  success: conditions
    .default({ status: [200, 201] })
    .describe('When an answer proves that the booking was made; in a list of conditions, one is enough'),
  refusal: conditions
    .optional()
    .describe(
      `When an answer proves that the booking was not made; in a list of conditions, one is enough. ${REFUSALS_OF_ALL}. ` +
        'Default: any 4xx, and any other error that `limits.rejections` names',
    ),
  orderId: extractor.default('$.order_id').describe('Where the id of the order is'),
  message: extractor.default('$.message').describe('Where the text is that reports show'),
  units: extractor
    .optional()
    .describe('How many units an answer grants; several numbers are added. Default: as many as the request wanted'),
  granted: extractor.optional().describe('The ids of what an answer grants, such as `$.seats[*].id`. Default: none'),
  function: functionName.optional(),
  redirects: redirects.default('judge'),
  settled: settled.optional().describe(`${SETTLED}. Default: as for the raced request`),
  operations: z
    .partialRecord(z.union([z.enum(OPERATIONS), z.string()]), operationOutcome)
    .optional()
    .describe(
      'The same settings for one operation: `hold: { orderId: $.hold_id }`. Its name is one that the rule knows',
    ),
});

/**
 * A function reads the answer in place of the two conditions. These have defaults, so only the block as it is written says
 * whether it names both.
 *
 * @param block `outcome` as it is written, of the right shape
 * @throws ConfigError if a function and a condition stand side by side
 */
export function checkFunctions(block: unknown): void {
  const outcome = isMapping(block) ? block : {};
  const operations = Object.entries(isMapping(outcome.operations) ? outcome.operations : {});
  for (const [below, own] of [
    ['', outcome] as const,
    ...operations.map(([name, own]) => [`.operations.${name}`, own] as const),
  ]) {
    const word =
      isMapping(own) && own.function !== undefined && ['success', 'refusal'].find((name) => own[name] !== undefined);
    if (!word) continue;
    const path = `config.plugins.race.outcome${below}.${word}`;
    throw new ConfigError({ path, problem: `the function ${own.function} says that`, fix: 'remove one of the two' });
  }
}

interface FunctionNames {
  readonly function?: string | undefined;
  readonly operations?: Readonly<Record<string, { readonly function?: string | undefined } | undefined>> | undefined;
}

/** The functions that read answers, each with the path of its setting below the plugin's block. */
export function functionsIn({ function: usual, operations = {} }: FunctionNames): readonly {
  readonly path: string;
  readonly name: string;
}[] {
  const named = Object.entries(operations).map(([key, own]) => [`outcome.operations.${key}`, own?.function] as const);
  return [['outcome', usual] as const, ...named].flatMap(([path, name]) =>
    name === undefined ? [] : [{ path: `${path}.function`, name }],
  );
}
