import * as z from 'zod';
import {
  type Attempt,
  HISTORY_VERSIONS,
  type HistoryRecord,
  OPERATIONS,
  type ReadBack,
  ruleSchemas,
  type SettingReader,
} from './index.ts';

/**
 * The contract of `history.jsonl`: one schema for each type of record, from which the published JSON Schema comes. The
 * types in `model/` are what the program works with, and the compiler holds the two against each other (below).
 *
 * A field that is not named here is let through: the version goes up when a reader would be misled, not when a line says
 * more.
 */

const ms = z.number().min(0);
const wallClock = z.string().describe('ISO 8601, wall clock: a label, never the base of an interval');
const status = z.int().min(100).max(999);

const answered = z
  .object({
    kind: z.literal('answered'),
    status,
    body: z.string().describe('The beginning of the body, cut; secrets are blotted out'),
    bodyBytes: z.int().min(0).describe('The length of the whole body on the wire'),
  })
  .meta({ id: 'Answered' });
const unanswered = z.object({ kind: z.literal('unanswered'), error: z.string() });

const about = {
  round: z.int().min(1).describe("1, 2, 3 … in the order of the plan's inventories"),
  inventory: z.string().describe('The key of the inventory that the round is about'),
  vu: z.int().min(1).describe('The number of the virtual user, 1..N'),
  thread: z.int().min(0).exactOptional().describe('The worker that the virtual user ran in, where there were several'),
  operation: z.enum(OPERATIONS).exactOptional().describe('Absent: book'),
  units: z.int().min(1).exactOptional().describe('How many units it wanted; absent: 1'),
  parts: z
    .array(z.string())
    .exactOptional()
    .describe('The parts of the inventory that it wanted, all or nothing; absent: the inventory as a whole'),
  user: z.string().exactOptional().describe('On whose behalf; absent: the virtual user itself'),
  idempotencyKey: z.string().exactOptional(),
  fingerprint: z
    .string()
    .exactOptional()
    .describe('Tells two requests with the same idempotency key apart: of the SHA-256 of method, path and body'),
  stagedAtMs: ms.exactOptional().describe('When the whole request but its last byte was on the wire'),
  plannedAtMs: ms
    .exactOptional()
    .describe('When the last byte was to leave, where the contenders of its round are let go at offsets'),
  releasedAtMs: ms.exactOptional().describe('When the last byte left'),
  firstByteAtMs: ms.exactOptional(),
  completedAtMs: ms.describe('When the answer was complete, or when it was clear that none would come'),
};

const attempt = z
  .discriminatedUnion('outcome', [
    z.object({
      ...about,
      outcome: z.literal('ok').describe('Definitely booked'),
      answer: answered,
      orderId: z.string().exactOptional(),
      granted: z
        .int()
        .min(0)
        .exactOptional()
        .describe('How many units the answer grants; absent: as many as were wanted'),
    }),
    z.object({
      ...about,
      outcome: z.literal('fail').describe('Definitely not booked'),
      answer: answered,
      reason: z.enum(['lost', 'not-authorised', 'rate-limited']),
      message: z.string().exactOptional(),
    }),
    z.object({
      ...about,
      outcome: z.literal('info').describe('Nobody can say'),
      answer: z.discriminatedUnion('kind', [answered, unanswered]),
      cause: z.enum(['timeout', 'reset', 'unreachable', 'server-error', 'unreadable', 'unexpected', 'aborted']),
      message: z.string().exactOptional(),
      mayPromise: z
        .literal(true)
        .exactOptional()
        .describe('The answer may have told the contender that it got what it asked for'),
    }),
  ])
  .meta({
    id: 'Attempt',
    description: "One contender's request in one round. Times are milliseconds on the run's own monotonic clock",
  });

const asked = { inventory: z.string(), when: z.enum(['before', 'after']) };
const readBack = z
  .discriminatedUnion('kind', [
    z.object({
      ...asked,
      kind: z.literal('read'),
      units: z.int().min(0).describe('Booked units; 0 is a free inventory'),
      orderIds: z.array(z.string()),
    }),
    z.object({ ...asked, kind: z.literal('unreadable'), error: z.string() }),
  ])
  .describe('What the server said about one inventory, before the first round or after the last');

const statuses = z.array(z.union([status, z.string().regex(/^[1-9]\d\d\s*-\s*[1-9]\d\d$/)]));

const limits = z.object({
  rejections: statuses,
  serverErrors: z.int().min(0),
  p95Ms: ms,
  spreadMs: ms,
  overlap: z.number().min(0).max(1),
});

// Every setting was checked, and every default filled in, before the history was written.
const recorded = { ms: () => ms, statuses: () => statuses } as unknown as SettingReader;
const [, ...named] = ruleSchemas(recorded, z.object);

const rule = z
  .discriminatedUnion('name', named)
  .meta({ id: 'Rule', description: 'What the run is judged by; absent: an ordinary race' });

const plan = z.object({
  contenders: z.int().min(2),
  inventories: z.array(
    z.object({
      key: z.string().min(1),
      capacity: z.int().min(1),
      parts: z
        .array(z.string())
        .exactOptional()
        .describe('What it consists of, where orders ask for several parts at once'),
    }),
  ),
  limits,
  readBack: z.boolean(),
  rule: rule.exactOptional(),
});

const run = z
  .object({
    version: z
      .literal(HISTORY_VERSIONS)
      .describe(
        '1: an ordinary race, in which every "ok" is a booking. 2: the plan has a rule, and attempts say what they asked for',
      ),
    runId: z.string(),
    startedAt: wallClock,
    env: z.string(),
    target: z.string(),
    scenario: z.string(),
    label: z.string().describe('What an inventory is called in sentences'),
    plan,
    config: z
      .record(z.string(), z.unknown())
      .describe("The plugin's block after defaults and environment variables, without secrets"),
    command: z.string().describe('The command that repeats the run, without secrets'),
    versions: z.object({ plugin: z.string(), artillery: z.string(), node: z.string() }),
  })
  .describe('The first line: what was about to happen');

const problem = z.object({ message: z.string() }).describe('Something that went wrong around the attempts');

const end = z
  .object({ endedAt: wallClock, atMs: ms, reason: z.enum(['completed', 'interrupted']) })
  .describe('The last line: how the run ended. A history without one was cut off');

/** What stands in a line, by its `type`. */
export const RECORDS = { run, attempt, 'read-back': readBack, problem, end } as const;

/** Parts of the history that a verdict file quotes. */
export const PARTS = { attempt, limits, rule, config: run.shape.config, versions: run.shape.versions };

type Said<K extends keyof typeof RECORDS> = z.output<(typeof RECORDS)[K]>;
type Of<K extends HistoryRecord['type']> = Omit<Extract<HistoryRecord, { type: K }>, 'type'>;

/** The same, without the `readonly` that a schema does not say, and as one object each: an intersection is taken apart. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;

/** `true` where two types say the same, field by field; `never` where one has a field, even an optional one, more. */
export type Agree<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : never;

// The schemas and the model say the same: a field that is added to one only does not compile.
true satisfies Agree<Said<'attempt'>, Attempt>;
true satisfies Agree<Said<'read-back'>, ReadBack>;
true satisfies Agree<Said<'run'>, Of<'run'>>;
true satisfies Agree<Said<'problem'>, Of<'problem'>>;
true satisfies Agree<Said<'end'>, Of<'end'>>;
