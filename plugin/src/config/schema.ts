import { compile } from 'json-p3';
import * as z from 'zod';
import { DEFAULT_RULE, OPERATIONS } from '../../../model/index.ts';
import { releaseSchema } from './release.ts';
import { ruleSchema } from './rule.ts';

/**
 * The one schema of the plugin's block in an Artillery script (`config.plugins.race`): the types and the published JSON
 * Schema come from it. Every key has a default, so `race: {}` is a valid block.
 */

const key = z.string().trim().min(1, 'must not be empty');

const inventory = z.union(
  [
    key.transform((its) => ({ key: its, capacity: 1 })),
    // YAML has read 001 as 1 and 1e3 as 1000 by now: what was meant cannot be known.
    z.number().transform((_its, context) => {
      context.addIssue({ code: 'custom', message: 'must be text: put the id in quotes, or YAML changes it' });
      return z.NEVER;
    }),
    z
      .strictObject({
        key,
        capacity: z.int().min(1).optional().describe('Default: 1'),
        parts: z
          .array(key)
          .min(2, 'must name at least two parts')
          .refine((parts) => new Set(parts).size === parts.length, 'must name each part once')
          .optional()
          .describe('What orders ask for several of at once: the seats of a row. Each exists once'),
      })
      .refine(({ capacity, parts }) => capacity === undefined || parts === undefined, {
        path: ['capacity'],
        error: 'must be left out where parts are named: each exists once',
      })
      .transform(({ capacity, parts, ...its }) =>
        parts === undefined ? { ...its, capacity: capacity ?? 1 } : { ...its, capacity: parts.length, parts },
      ),
  ],
  'must be an id such as "A1", or a mapping such as { key: "A1", capacity: 1 }',
);

const jsonPath = z.string().superRefine((text, context) => {
  try {
    compile(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is not a JSONPath (RFC 9535): ${(error as Error).message}` });
  }
});

/** `409`, or a range such as `"400-499"`. */
const anyStatuses = z.array(
  z.union([
    z.int().min(100).max(599),
    z
      .string()
      .regex(/^[1-5]\d\d\s*-\s*[1-5]\d\d$/, {
        error: 'must be a status such as 409 or a range such as "400-499"',
        abort: true,
      })
      .refine((range) => Number(range.slice(0, 3)) <= Number(range.slice(-3)), 'must begin with the smaller status'),
  ]),
);
const statuses = anyStatuses.min(1, 'must name at least one status');

/**
 * All the conditions must hold. What a path must select stands in lists, not in mappings below the path: Artillery's templates
 * take a dot in a key for a level of its own.
 */
const predicate = z
  .strictObject({
    status: statuses.optional().describe('Statuses such as 409 and ranges such as "400-499"; absent: any'),
    body: z
      .record(jsonPath, z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be one value, such as true'))
      .optional()
      .describe('JSONPath → the value that a selected node must equal'),
    has: z.array(jsonPath).optional().describe('JSONPaths that must each select something other than null'),
    lacks: z.array(jsonPath).optional().describe('JSONPaths that must each select nothing, or null'),
  })
  .refine(
    ({ status, body = {}, has = [], lacks = [] }) =>
      status !== undefined || Object.keys(body).length + has.length + lacks.length > 0,
    'must have a status or a condition on the body: everything would meet it',
  );

/** Proof of a refusal; of several, one is enough. */
const refusal = z.union([predicate, z.array(predicate).min(1, 'must hold at least one')]);

/** How the answers to one kind of request are read, where it is not as for the others. */
const operationOutcome = z.strictObject({
  success: predicate.optional(),
  refusal: refusal.optional(),
  orderId: jsonPath.optional(),
  message: jsonPath.optional(),
});

const milliseconds = z.number().min(0).max(3_600_000);

const readBack = z.strictObject({
  path: z
    .string()
    .regex(
      /^\/[^{}]*\{\w+\}[^{}]*$/,
      'must begin with / and hold the inventory, and nothing else, in braces, such as /seats/{seatId}',
    )
    .describe('Path below the target; the part in braces becomes the key of the inventory'),
  taken: predicate.default({ body: { '$.status': 'booked' } }).describe('When the answer says "booked"'),
  free: predicate.default({ body: { '$.status': 'available' } }).describe('When the answer says "not booked"'),
  units: jsonPath
    .optional()
    .describe(
      'Selects how many units are booked: a number, or the list of bookings; in place of taken and free, which are not asked then',
    ),
  orderIds: jsonPath.default('$.order_ids[*]').describe('Selects the ids of the bookings in the answer'),
  settleMs: milliseconds.default(200).describe('How long to wait after the last round'),
  timeoutMs: milliseconds.default(5000).describe('For one request'),
  retries: z.int().min(0).max(10).default(2).describe('How often to ask again when there is no readable answer'),
});

export const raceSchema = z.strictObject({
  environments: z
    .string()
    .min(1)
    .optional()
    .describe('YAML file of environments for all scenarios, relative to the script; what the script itself says wins'),
  contenders: z
    .int()
    .min(2, 'must be at least 2: a race needs two')
    .max(20_000)
    .optional()
    .describe('Virtual users that go for each inventory; default: the arrivalCount of the only phase'),
  inventories: z
    .array(inventory)
    .min(1, 'must name at least one: there is nothing to fight over')
    .optional()
    .describe(
      'What is fought over, in order; each is one round. $name: the list config.variables.name. ' +
        'Default: whatever the requests name',
    ),
  rule: ruleSchema(anyStatuses)
    .optional()
    .describe(`What the run is judged by; default: each inventory is sold as often as it exists (${DEFAULT_RULE})`),
  release: releaseSchema
    .default({ shape: 'simultaneous', spanMs: 0, delayMs: 0 })
    .describe('How the contenders of a round are let go, where a request does not say it'),
  label: z.string().min(1).default('seat').describe('What an inventory is called in the reports'),
  requires: z.array(z.string()).default([]).describe('Names of config.variables that must have a value'),
  outcome: z
    .strictObject({
      success: predicate.default({ status: [200, 201] }).describe('Proof that the booking was made'),
      refusal: refusal.optional().describe('Proof that it was not; of several, one is enough; default: any 4xx'),
      orderId: jsonPath.default('$.order_id'),
      message: jsonPath.default('$.message'),
      units: jsonPath.optional().describe('Selects how many units an answer grants; default: as many as were wanted'),
      operations: z
        .partialRecord(z.enum(OPERATIONS), operationOutcome)
        .optional()
        .describe('The same for requests that hold, confirm or cancel, where they are answered otherwise'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      rejections: statuses
        .optional()
        .describe('Statuses with which a loser may be refused; default: 400, 409, 423, or those of outcome.refusal'),
      serverErrors: z.int().min(0).default(0),
      p95Ms: milliseconds.default(2000),
      spreadMs: milliseconds.default(50),
      overlap: z.number().min(0).max(1).default(0.5),
    })
    .prefault({}),
  wire: z
    .enum(['auto', 'http1', 'http2'])
    .default('auto')
    .describe('auto: by ALPN over TLS, else HTTP/1.1; http2 without TLS is by prior knowledge'),
  rehearsal: z
    .union(
      [
        z.literal(false).transform(() => undefined),
        z.literal('off').transform(() => undefined),
        z.strictObject({
          rounds: z.int().min(1).max(20).default(5).describe('How often the harmless request is sent by all at once'),
          path: z
            .string()
            .regex(/^\//, 'must begin with /')
            .optional()
            .describe(
              'GET below the target, harmless; default: the read-back of the first inventory, where there is one',
            ),
        }),
      ],
      'must be off, or a mapping such as { rounds: 5 }; it is on by default',
    )
    .prefault({})
    .describe('Warms the release path, the connections and the pools of the target before round 1; or off'),
  rendezvous: z
    .strictObject({
      timeoutMs: milliseconds.default(10_000).describe('How long to wait for the next contender'),
      settleMs: milliseconds
        .default(10)
        .describe('How long to wait on once all are there, for connections that the target closed'),
    })
    .prefault({}),
  attempt: z
    .strictObject({ timeoutMs: milliseconds.min(1).default(10_000), maxBodyBytes: z.int().min(1).default(1_048_576) })
    .prefault({}),
  readBack: z
    .union(
      [
        z.literal(false).transform(() => undefined),
        z.literal('off').transform(() => undefined),
        z
          .string()
          .transform((path) => ({ path }))
          .pipe(readBack),
        readBack,
      ],
      'must be off, a path such as /seats/{seatId}, or a mapping with one',
    )
    .optional()
    .describe('Asks the server, afterwards, who owns each inventory; off by default'),
  output: z
    .strictObject({
      dir: z.string().min(1).default('output'),
      name: z
        .string()
        .regex(/^[\w.-]+$/, 'may hold letters, digits, ".", "-" and "_"')
        .default('order_race_all_seats'),
    })
    .prefault({}),
  console: z
    .strictObject({
      failuresPerRound: z.int().min(0).default(3),
      allFailures: z.boolean().default(false),
      quiet: z.boolean().default(false),
    })
    .prefault({}),
  confirm: z.boolean().default(false).describe('Ask before a run against this environment (run-order-race-test.sh)'),
});

/** The plugin's block as people write it: everything optional. */
export type RaceConfig = z.input<typeof raceSchema>;
/** The plugin's block after parsing: defaults filled in. */
export type ParsedRaceConfig = z.output<typeof raceSchema>;
export type OutcomeSettings = Omit<ParsedRaceConfig['outcome'], 'refusal'> & { readonly refusal: Refusal };
export type Refusal = z.output<typeof refusal>;
export type ReadBackSettings = z.output<typeof readBack>;
export type RehearsalSettings = NonNullable<ParsedRaceConfig['rehearsal']>;
