import * as z from 'zod';
import { DEFAULT_RULE, pluralOf } from '../../../model/index.ts';
import { anyStatuses, type conditions, statuses } from './condition.ts';
import { instances } from './instances.ts';
import { inventory } from './inventory.ts';
import { inventorySource } from './inventory-source.ts';
import { milliseconds } from './milliseconds.ts';
import { outcome } from './outcome.ts';
import { textOrPattern } from './pattern.ts';
import { readBack } from './read-back.ts';
import { releaseSchema } from './release.ts';
import { repeatSchema } from './repeat.ts';
import { ruleSchema } from './rule.ts';
import { traceUrl } from './trace-url.ts';

export type { BookSettings, FunctionBook, HttpBook, ReadBackSettings, SqlBook } from './read-back.ts';

/*
 * The options of the plugin's block, `config.plugins.race`. Types, checks, the editor's JSON Schema and docs/options.md all
 * come from here, so an option is described once: `.describe()` says what it does, and ends with "Default: …" if the
 * default is not a fixed value.
 */

const limits = z.strictObject({
  rejections: statuses
    .optional()
    .describe('The statuses that a loser may get. Default: 400, 409 and 423, or those of `outcome.refusal`'),
  serverErrors: z.int().min(0).default(0).describe('How many answers with 5xx a run may have'),
  p95Ms: milliseconds
    .default(2000)
    .describe('How long 95 % of the answers may take at most, in milliseconds from the release'),
  spreadMs: milliseconds
    .default(50)
    .describe('How many milliseconds may lie between the first and the last release of a round'),
  overlap: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('The share of the contenders, from 0 to 1, that must have been in flight at once'),
  strongRounds: z
    .number()
    .min(0)
    .max(1)
    .default(0.75)
    .describe(
      'The share of the rounds, from 0 to 1, that must meet `spreadMs` and `overlap`. Rounds that do not meet them are weak, and do not count',
    ),
});

const rehearsal = z.union(
  [
    z.literal(false).transform(() => undefined),
    z.literal('off').transform(() => undefined),
    z.strictObject({
      rounds: z.int().min(1).max(20).default(5).describe('How often all contenders send the harmless request at once'),
      path: z
        .string()
        .regex(/^\//, 'must begin with /')
        .optional()
        .describe('Path of the harmless GET, below the target. Default: the read-back of the first inventory, if any'),
    }),
  ],
  'must be off, or a mapping such as { rounds: 5 }; it is on by default',
);

const rendezvous = z.strictObject({
  timeoutMs: milliseconds.default(10_000).describe('How many milliseconds a round waits for the next contender'),
  settleMs: milliseconds
    .default(10)
    .describe(
      'How many milliseconds a round waits once all but the last bytes are sent, to replace connections that the target closed',
    ),
});

const attempt = z.strictObject({
  timeoutMs: milliseconds
    .min(1)
    .optional()
    .describe(
      'How many milliseconds a raced request may take, from its release to the whole answer. Default: `config.http.timeout`, ' +
        'which is in seconds, else 10000',
    ),
  maxBodyBytes: z
    .int()
    .min(1)
    .default(1_048_576)
    .describe(
      'The rest of a larger answer, or of one that unpacks to more, is not judged: its status alone counts. ' +
        'Artillery gets it whole, unless all such answers at once are larger than 256 MiB',
    ),
});

const output = z.strictObject({
  dir: z.string().min(1).default('output').describe('The folder of the reports'),
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'may hold letters, digits, ".", "-" and "_"')
    .default('order_race_all_seats')
    .describe('How the names of the reports begin; the environment and the time follow'),
});

const consoleOutput = z.strictObject({
  failuresPerRound: z.int().min(0).default(3).describe('How many refusals of the first round are printed, at most 4'),
  allFailures: z.boolean().default(false).describe('Prints every attempt of every round, and the summary in full'),
  quiet: z.boolean().default(false).describe('Prints only the verdict and the path of the report'),
  verbose: z
    .boolean()
    .default(false)
    .describe('Prints everything, as `allFailures` does; otherwise it is what fits one screen'),
});

export const raceSchema = z.strictObject({
  environments: z
    .string()
    .min(1)
    .optional()
    .describe(
      'YAML file of environments that several scripts share, relative to the script. The settings in the script win',
    ),
  orderVariables: z
    .boolean()
    .default(false)
    .describe(
      'Whether the environment variables below override this suite, as they override the bundled scenarios. In a suite ' +
        'without it they are ignored, and the names of its metrics begin with `race.`',
    ),
  contenders: z
    .union(
      [
        z.int().min(2, 'must be at least 2: a race needs two').max(20_000),
        z.literal('all').transform(() => undefined),
        z.strictObject({ each: z.literal('any').describe('`any`: whoever is there races') }),
      ],
      'must be a whole number, all, or { each: any }',
    )
    .optional()
    .describe(
      'How many virtual users go for each inventory. `all`: the `arrivalCount` of the only phase. `{ each: any }`: each goes for ' +
        'whatever its flow names, and once nobody is on the way, everyone who waits is released, wherever. Default: `all`',
    ),
  inventories: z
    .union([z.array(inventory).min(1, 'must name at least one: there is nothing to race for'), inventorySource])
    .optional()
    .describe(
      'What the contenders race for: ids in quotes, or mappings, whose further names are fields of the inventory; or where such a ' +
        'list comes from, a request or a CSV file. Each is one round, in this order. `$name` stands for `config.variables.name`. Default: the keys that the requests name',
    ),
  rule: ruleSchema(anyStatuses)
    .optional()
    .describe(
      'What must hold: the name of a rule, or a mapping with its settings. ' +
        `Default: \`${DEFAULT_RULE}\`, each inventory is sold as often as its capacity allows`,
    ),
  repeat: repeatSchema
    .optional()
    .describe(
      'Races for every inventory again and again, each visit judged by itself: `20` times, `{ until: "3 %" }` or `{ for: 5m }`. It needs a ' +
        'loop over `$inventories`, and a reset in it (`once`) or inventories from a request. Default: each is raced for once',
    ),
  release: releaseSchema
    .default({ shape: 'simultaneous', spanMs: 0, delayMs: 0 })
    .describe(
      'How contenders are released, unless the `race:` line of a request says otherwise. `one-at-a-time`: the same attempts one after ' +
        'the other, whatever the lines say; what goes wrong then needs no race. Default: `simultaneous`',
    ),
  machines: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('How many machines race together; each of them runs the whole script. Default: 1'),
  meet: z
    .string()
    .optional()
    .describe('The Redis where the machines meet: `redis://` or `rediss://`, such as `{{ $env.ORDER_MEET }}`'),
  joinMs: milliseconds.min(1).default(60_000).describe('How many milliseconds a machine waits for the other machines'),
  label: z.string().min(1).default('seat').describe('What reports call an inventory, such as `slot` or `coupon`'),
  words: z
    .strictObject({
      one: z.string().trim().min(1).describe('What reports call an inventory, such as `invite`'),
      many: z.string().trim().min(1).optional().describe('What they call several. Default: the usual plural of `one`'),
    })
    .transform(({ one, many = pluralOf(one) }) => ({ one, many }))
    .optional()
    .describe(
      'What every text calls what is fought over; it wins over `label`. Default: `label`, and its usual plural',
    ),
  requires: z
    .array(z.string())
    .default([])
    .describe('Names of `config.variables` that must have a value. If one has no value, nothing is started'),
  inTurn: z
    .array(z.string())
    .default([])
    .describe(
      'Names of lists in `config.variables`, such as `[user]`. Virtual user 1 gets the first entry, and so on, from the ' +
        'start again behind the last. Artillery alone draws an entry at random, so two virtual users may get the same one',
    ),
  outcome: outcome.prefault({}).describe('How the answer to a raced request is read'),
  limits: limits
    .prefault({})
    .describe('How many errors and how much delay a run may have, and how close the race must be'),
  wire: z
    .enum(['auto', 'http1', 'http2'])
    .default('auto')
    .describe(
      'The protocol of raced requests. `auto`: over TLS what the target prefers, else HTTP/1.1. `http2` without TLS works ' +
        'only if the target expects it',
    ),
  instances: instances
    .optional()
    .describe(
      'Servers of one API, as addresses such as `http://10.0.0.1:8080`: the contenders go to them in turn, with the path and the Host of ' +
        'the target. A lock that only one server knows passes on one, and sells twice on two. Default: the target',
    ),
  rehearsal: rehearsal
    .prefault({})
    .describe(
      'Warms up the release, the connections and the target before round 1; `off` switches it off. Default: on',
    ),
  rendezvous: rendezvous.prefault({}).describe('How contenders wait for each other'),
  attempt: attempt.prefault({}).describe('How long one raced request may take, and how large the answer may be'),
  readBack: readBack
    .optional()
    .describe(
      'Asks the server who owns each inventory, before and after the race: a path such as `/seats/{seatId}`, a mapping, or a list of ' +
        'both, where several books must agree. ' +
        'Default: off',
    ),
  targetVersion: z
    .union([z.string(), z.number()], 'must be text, such as "v2.1" or a commit')
    .optional()
    .describe(
      'The version or commit of the target, such as `"{{ $env.COMMIT }}"`; reports show it. Default: the commit that GitHub Actions, ' +
        'GitLab or Jenkins builds (`GITHUB_SHA`, `CI_COMMIT_SHA`, `GIT_COMMIT`)',
    ),
  output: output.prefault({}).describe('The folder and the names of the reports'),
  traces: z
    .boolean()
    .default(false)
    .describe(
      'Sends a W3C `traceparent` with each raced request, with a trace id of its own and the flag "sampled"; reports show the ids of ' +
        'witnesses. A `traceparent` that the suite sends itself stays',
    ),
  traceUrl: traceUrl
    .optional()
    .describe(
      'Where a trace can be seen, such as `https://jaeger.example.com/trace/{traceId}`: reports link the trace ids of witnesses. Default: no links',
    ),
  secrets: z
    .array(textOrPattern.min(1))
    .default([])
    .describe(
      'Further names of headers, cookies and fields whose values are secrets: literal, or patterns such as `/^x-shop-/i`. ' +
        'Names such as `token`, `password`, `session`, `pin` or `card` are known',
    ),
  console: consoleOutput.prefault({}).describe('How much is printed'),
  confirm: z
    .boolean()
    .default(false)
    .describe('Whether `run-order-race-test.sh` asks before it races against this environment'),
});

/** The plugin's block as people write it: every option may be left out. */
export type RaceConfig = z.input<typeof raceSchema>;
/** The plugin's block after parsing: defaults are filled in. */
export type ParsedRaceConfig = z.output<typeof raceSchema>;
export type Refusal = z.output<typeof conditions>;
export type OutcomeSettings = Omit<ParsedRaceConfig['outcome'], 'refusal'> & { readonly refusal: Refusal };
export type RehearsalSettings = NonNullable<ParsedRaceConfig['rehearsal']>;
