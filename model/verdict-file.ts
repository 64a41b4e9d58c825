import * as z from 'zod';
import { SEVERITIES } from './finding-kind.ts';
import { FINDING_IDS } from './findings.ts';
import { PARTS } from './history-file.ts';
import type { Immutable } from './immutable.ts';
import { targetVersion } from './names-file.ts';
import { visit } from './repeat-file.ts';
import { CONTROL_NAMES } from './rule-row.ts';

/**
 * The contract of `verdict.json`. The types of the program and the published JSON Schema both come from it. Unknown fields
 * are allowed.
 */

/** The version of `verdict.json`; it goes up when a reader of the old form would be misled. */
export const REPORT_VERSION = 2;

const count = z.int().min(0);
/** Amounts of money and the like are text, so that no digit is lost. */
const amount = z.union([count, z.string()]);
/** Absent where nothing was measured. */
const time = z.number().describe('Milliseconds').optional();
const findingId = z.enum(FINDING_IDS).meta({ id: 'FindingId' });
const verdict = z.enum(['pass', 'fail', 'inconclusive']);

const finding = z
  .object({
    id: findingId,
    severity: z.enum(SEVERITIES),
    round: z.int().min(1).exactOptional().describe('Absent for a finding about the whole run'),
    inventory: z.string().exactOptional(),
    message: z.string().describe('One sentence in plain words'),
    witness: z.array(PARTS.attempt).describe('A set of attempts that proves it, as small as possible'),
  })
  .meta({ id: 'Finding' });

const statuses = z.record(z.string(), count);

const totals = z.object({ requests: count, ok: count, fail: count, info: count }).meta({ id: 'Totals' });

const told = z
  .object({
    status: z.int(),
    text: z.string().describe('What the answers say, with … for ids and numbers; empty where they say nothing'),
    count,
  })
  .meta({ id: 'Told' });

const offsets = z.object({
  plannedMs: z.number().describe('Last planned release minus first'),
  medianDeviationMs: z.number().describe('How far a release was off the plan'),
  worstDeviationMs: z.number(),
});

const round = z
  .object({
    number: z.int().min(1),
    inventory: z.string(),
    visit: visit.exactOptional(),
    capacity: z.number().positive(),
    requests: count,
    ok: count,
    fail: count,
    info: count,
    statuses: statuses.describe('How often each status came in this round'),
    winners: z.array(z.object({ vu: z.int().min(1), orderId: z.string().optional() })),
    spreadMs: time.describe('Last release minus first release'),
    spreadErrorMs: time.describe('How wrong that may be; present where several machines raced, by clocks of their own'),
    offsets: offsets
      .optional()
      .describe('Where the contenders were released at offsets: how well the offsets were kept'),
    overlap: count.describe('Peak number of attempts in flight at once'),
    findings: z.array(findingId),
    weak: z.array(z.string()).exactOptional().describe('Why the round does not count; absent for a strong round'),
  })
  .meta({ id: 'Round' });

const control = z
  .object({
    name: z.enum(CONTROL_NAMES),
    applies: z.boolean().describe('The run has a round in which the change must be noticed'),
    failed: z.boolean().describe('The changed history was judged as a fail, as it must be'),
    message: z.string(),
  })
  .meta({
    id: 'Control',
    description: 'The history with one round changed, and judged again: proof that the suite can fail',
  });

/** What a pass may still miss. */
const LIMITS = ['one-identity', 'one-instance', 'answers-only'] as const;

const strength = z
  .object({
    rounds: count.describe('Strong rounds'),
    bound: z
      .number()
      .min(0)
      .max(1)
      .describe('Without a violation in these rounds, the true rate per round is below this share (95 % confidence)'),
    doubleBookingRateBelow: z.number().min(0).max(1).describe('The same number as `bound`, under its older name'),
    rivals: z
      .object({ '0.1': count, '1': count, '10': count })
      .describe('Attempts released so few milliseconds before or after a winner of their strong round, by the wire'),
    controls: z.array(control).describe('Empty where the verdict is fail'),
    limits: z
      .array(z.enum(LIMITS))
      .describe(
        'What a pass does not exclude. one-identity: all contenders were signed in as one user, as far as is known. one-instance: all requests went to one server, as far as is known. answers-only: the server was not asked afterwards',
      ),
  })
  .meta({ id: 'Strength' });

export const verdictSchema = z.object({
  version: z.literal(REPORT_VERSION),
  runId: z.string(),
  verdict,
  headline: z.string().describe('The sentence that is printed below the verdict'),
  exitCode: z
    .number()
    .describe('0 pass, 3 fail, 4 inconclusive; 1, 11 or 21 where something else ended a run that passed'),
  env: z.string(),
  target: z.string(),
  scenario: z.string(),
  label: z.string().describe('What an inventory is called in sentences'),
  words: PARTS.words.exactOptional(),
  targetVersion: targetVersion.exactOptional(),
  startedAt: z.string().describe('ISO 8601'),
  durationMs: time.describe('Absent where the history was cut off'),
  ended: z.enum(['completed', 'interrupted', 'cut off']),
  vus: count,
  totals,
  expected: z
    .object({ requests: count, ok: count.optional(), fail: count.optional(), info: count })
    .describe('The right totals for this plan; ok and fail are absent where a rule allows several right answers'),
  promised: amount.describe('Units that contenders were told that they have; a decimal is text'),
  stored: amount
    .optional()
    .describe(
      'Units that the server holds since the race, as far as its answers can be read and counted; absent where nobody could ask',
    ),
  successRate: z.number().min(0).max(1),
  statuses: statuses.describe('How often each status came; attempts without an answer are not in it'),
  refusals: z.array(told).describe('What refusals say, the most frequent first'),
  unrecognised: z.array(told).describe('The same of answers that are neither a success nor a refusal, or both'),
  responseTimeMs: z
    .object({ p50: time, p95: time, p99: time, max: time })
    .describe('From the release to the complete answer; empty where nothing was answered'),
  contention: z.object({
    medianSpreadMs: time,
    worstSpreadMs: time,
    spreadErrorMs: time.describe('How wrong these may be; present where several machines raced'),
    offsets: offsets.omit({ plannedMs: true }).optional(),
    smallestOverlap: count,
  }),
  strength,
  machines: z
    .array(
      z.object({
        machine: z.int().min(1),
        contenders: count,
        spreadMs: time.describe("The median spread of this machine's releases"),
        spreadErrorMs: time.describe('The median error of its clock beside the common one'),
      }),
    )
    .exactOptional()
    .describe('What each machine did; absent where a single machine raced'),
  rounds: z.array(round),
  findings: z.array(finding),
  problems: z.array(PARTS.problem).describe('What went wrong around the attempts; equal reasons are one problem'),
  notes: z
    .array(z.string())
    .describe('What readers must know about the verdict, such as what the read-back cannot prove'),
  readBack: z.enum(['off', 'on']),
  rule: PARTS.rule.optional(),
  limits: PARTS.limits,
  config: PARTS.config,
  command: z.string(),
  versions: PARTS.versions,
});

/**
 * What `verdict.json` holds: everything that a report says, except the single attempts, which are in `history.jsonl`.
 * Times are milliseconds; `responseTimeMs` runs from the release of an attempt to its complete answer, by nearest rank.
 */
export type VerdictFile = Immutable<z.output<typeof verdictSchema>>;

/** `fail` beats `inconclusive` beats `pass`. */
export type Verdict = VerdictFile['verdict'];

/** One thing found wrong or doubtful. */
export type Finding = Immutable<z.output<typeof finding>>;

export type Totals = VerdictFile['totals'];

/** Where a rule allows several right answers, `ok` and `fail` are not known. */
export type Expected = VerdictFile['expected'];

/** All undefined where nothing was answered. */
export type ResponseTimes = VerdictFile['responseTimeMs'];

/** The spreads leave out what was planned: for contenders with offsets, they say how far the releases were off the plan. */
export type Contention = VerdictFile['contention'];

/** What a pass is worth. */
export type Strength = VerdictFile['strength'];

/** A change of one round, and whether the judging noticed it. */
export type Control = Strength['controls'][number];

/** Something that a pass does not exclude. */
export type StrengthLimit = Strength['limits'][number];

/** Answers that say the same, ids and numbers aside. */
export type Told = VerdictFile['refusals'][number];

export type RoundSummary = VerdictFile['rounds'][number];

/** How well a round kept its offsets: contenders that are released one after the other on purpose. Milliseconds. */
export type Offsets = NonNullable<RoundSummary['offsets']>;
