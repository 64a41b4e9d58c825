import * as z from 'zod';
import { type Agree, PARTS } from '../../../model/history-schema.ts';
import { EXIT_CODES, FINDING_IDS, type Verdict } from '../../../model/index.ts';
import { REPORT_VERSION, type VerdictFile } from '../../../reports/model.ts';

/**
 * The contract of `verdict.json`, from which the published JSON Schema comes; the compiler holds it against the type that
 * the reports are made from. As in the history, a field more is no error.
 */

const count = z.int().min(0);
/** Absent where nothing was measured. */
const time = z.number().describe('Milliseconds').exactOptional();
const findingId = z.enum(FINDING_IDS).meta({ id: 'FindingId' });

const finding = z
  .object({
    id: findingId,
    severity: z.enum(['violation', 'doubt']),
    round: z.int().min(1).exactOptional().describe('Absent for a finding about the whole run'),
    inventory: z.string().exactOptional(),
    message: z.string().describe('One sentence in plain words'),
    witness: z.array(PARTS.attempt).describe('The smallest set of attempts that proves it'),
  })
  .meta({ id: 'Finding' });

const statuses = z.record(z.string(), count);

const totals = z.object({ requests: count, ok: count, fail: count, info: count }).meta({ id: 'Totals' });

const offsets = z.object({
  plannedMs: z.number().describe('Last planned release minus first'),
  medianDeviationMs: z.number().describe('How far off its plan a release was'),
  worstDeviationMs: z.number(),
});

const round = z
  .object({
    number: z.int().min(1),
    inventory: z.string(),
    capacity: z.int().min(1),
    requests: count,
    ok: count,
    fail: count,
    info: count,
    statuses: statuses.describe('How often each status came in this round'),
    winners: z.array(z.object({ vu: z.int().min(1), orderId: z.string().exactOptional() })),
    spreadMs: time.describe('Last release minus first release'),
    offsets: offsets.exactOptional().describe('Where the contenders were let go at offsets, how these were kept'),
    overlap: count.describe('Peak number of attempts in flight at once'),
    findings: z.array(findingId),
  })
  .meta({ id: 'Round' });

const verdicts = Object.keys(EXIT_CODES) as [Verdict, ...Verdict[]];

export const verdictSchema = z.object({
  version: z.literal(REPORT_VERSION),
  runId: z.string(),
  verdict: z.enum(verdicts),
  exitCode: z.number().describe('0 pass, 3 fail, 4 inconclusive'),
  env: z.string(),
  target: z.string(),
  scenario: z.string(),
  label: z.string().describe('What an inventory is called in sentences'),
  startedAt: z.string().describe('ISO 8601'),
  durationMs: time.describe('Absent where the history was cut off'),
  ended: z.enum(['completed', 'interrupted', 'cut off']),
  vus: count,
  totals,
  expected: z
    .object({ requests: count, ok: count.exactOptional(), fail: count.exactOptional(), info: count })
    .describe(
      'What a right answer to this plan would have been; ok and fail are absent where a rule leaves more than one',
    ),
  successRate: z.number().min(0).max(1),
  statuses: statuses.describe('How often each status came; attempts without an answer are not in it'),
  responseTimeMs: z
    .object({ p50: time, p95: time, p99: time, max: time })
    .describe('From release to the completed answer; empty where nothing was answered'),
  contention: z.object({
    medianSpreadMs: time,
    worstSpreadMs: time,
    offsets: offsets.omit({ plannedMs: true }).exactOptional(),
    smallestOverlap: count,
  }),
  strength: z
    .object({ rounds: count, doubleBookingRateBelow: z.number().min(0).max(1) })
    .describe('With no double booking in so many rounds, its rate per round is below this, with 95 % confidence'),
  rounds: z.array(round),
  findings: z.array(finding),
  problems: z.array(z.string()),
  readBack: z.enum(['off', 'on']),
  rule: PARTS.rule.exactOptional(),
  limits: PARTS.limits,
  config: PARTS.config,
  command: z.string(),
  versions: PARTS.versions,
});

/** What is left of a value in JSON: what is undefined is not there. */
type Written<T> = T extends readonly (infer Item)[]
  ? Written<Item>[]
  : T extends object
    ? { [K in keyof T as undefined extends T[K] ? never : K]: Written<T[K]> } & {
        [K in keyof T as undefined extends T[K] ? K : never]?: Written<Exclude<T[K], undefined>>;
      }
    : T;

true satisfies Agree<z.output<typeof verdictSchema>, Written<VerdictFile>>;
