import * as z from 'zod';
import { HISTORY_VERSIONS } from './history-version.ts';
import { clock, lost, machine } from './machines-file.ts';
import { targetVersion, words } from './names-file.ts';
import { problem, problemRecord } from './problem-file.ts';
import { decimal, readBack } from './read-back-record.ts';
import { REPEAT_ENDS, repeat, visit } from './repeat-file.ts';
import { sent, traceId } from './request-file.ts';
import type { SettingReader } from './rule-row.ts';
import { ruleSchemas } from './rules.ts';

/**
 * The contract of `history.jsonl`: one schema for each type of record. The types in `history.ts` and the published JSON
 * Schema both come from them.
 *
 * Unknown fields are allowed: a line may say more without a new version.
 */

const ms = z.number().min(0);
const wallClock = z.string().describe('ISO 8601, wall clock: a label, never the base of an interval');
const status = z.int().min(100).max(999);

const answered = z
  .object({
    kind: z.literal('answered'),
    status,
    body: z.string().describe('The beginning of the body, cut; secrets are masked'),
    bodyBytes: z.int().min(0).describe('The length of the body on the wire, as far as it came'),
    bodyLost: z.string().exactOptional().describe('Why the rest of the body could not be read; absent: it is whole'),
  })
  .meta({ id: 'Answered' });
const unanswered = z.object({ kind: z.literal('unanswered'), error: z.string() });

const moment = z.union([z.string(), z.number()]);

const intent = {
  operation: z.string().min(1).exactOptional().describe('One of those that the rule knows; absent: book'),
  units: z
    .union([z.int().min(1), decimal])
    .exactOptional()
    .describe('How many units it wanted: a whole number, or an amount as text; absent: 1'),
  parts: z
    .array(z.string())
    .exactOptional()
    .describe('The parts of the inventory that it wanted, all or nothing; absent: the whole inventory'),
  from: moment.exactOptional().describe('Where its stretch of time begins: ISO 8601 with a zone, or a number'),
  to: moment.exactOptional().describe('Where its stretch of time ends; this moment is free again'),
  user: z.string().exactOptional().describe('On whose behalf; absent: the virtual user itself'),
  idempotencyKey: z.string().exactOptional(),
  fingerprint: z
    .string()
    .exactOptional()
    .describe(
      'The beginning of the SHA-256 of method, path and body: tells two requests with the same idempotency key apart',
    ),
};

const request = {
  round: z.int().min(1).describe("1, 2, 3 … in the order of the plan's inventories"),
  inventory: z.string().describe('The key of the inventory that the round is about'),
  visit: visit.exactOptional(),
  vu: z.int().min(1).describe('The number of the virtual user, 1..N'),
  thread: z.int().min(0).exactOptional().describe('The worker thread of the virtual user, where there were several'),
  identity: z
    .int()
    .min(1)
    .exactOptional()
    .describe(
      'Whom it was signed in as: the same number in one thread of one machine is the same authorization (or else cookie) header',
    ),
  instance: z.string().exactOptional().describe('The server that it went to, where several divide the requests'),
  ...intent,
  machine: machine.exactOptional().describe('The machine of the virtual user, where there were several'),
  clockErrorMs: ms
    .exactOptional()
    .describe(
      'How wrong the times may be beside those of other machines, because each has a clock of its own. Only in verdict.json',
    ),
  traceId: traceId.exactOptional(),
  request: sent.exactOptional(),
  stagedAtMs: ms.exactOptional().describe('When the whole request but its last byte was on the wire'),
  plannedAtMs: ms
    .exactOptional()
    .describe('When the last byte was to leave, where the contenders of the round are released at offsets'),
  releasedAtMs: ms.exactOptional().describe('When the last byte left'),
  firstByteAtMs: ms.exactOptional(),
  completedAtMs: ms.describe('When the answer was complete, or when it was clear that none would come'),
  settledAfterMs: ms
    .exactOptional()
    .describe(
      'Another request decided it (`settles`), so long after its own answer; completedAtMs is the end of the deciding answer',
    ),
  judged: z
    .literal(false)
    .exactOptional()
    .describe('Held and released with the others, and judged by nothing: it counts only as present in its round'),
  settledBy: z
    .literal('read-back')
    .exactOptional()
    .describe('The answer was 202, and the read-back says what became of it. Only in verdict.json'),
};

/** Why nobody can say whether an attempt booked. */
export const INFO_CAUSES = [
  'timeout',
  'reset',
  'unreachable',
  'server-error',
  'unreadable',
  'unexpected',
  'aborted',
  'pending',
  'unrecognised',
  'ambiguous',
] as const;

const orderId = z
  .string()
  .exactOptional()
  .describe('The whole id; one of more than 200 characters is its first 100, "…#" and the SHA-256 of the whole');

const ok = {
  outcome: z.literal('ok').describe('Definitely booked'),
  answer: answered,
  orderId,
  granted: z
    .union([z.int().min(0), decimal])
    .exactOptional()
    .describe('How many units the answer grants: a whole number, or an amount as text; absent: as many as were wanted'),
  grantedIds: z
    .array(z.string())
    .exactOptional()
    .describe('What the server chose: the ids of the units, or the values that it handed out'),
};
const fail = {
  outcome: z.literal('fail').describe('Definitely not booked'),
  answer: answered,
  reason: z.enum(['lost', 'not-authorised', 'rate-limited']),
  declared: z
    .literal(true)
    .exactOptional()
    .describe('The suite itself calls this answer a refusal, by more than its status: no status of it is wrong'),
  message: z.string().exactOptional(),
};
const info = {
  outcome: z.literal('info').describe('Nobody can say'),
  answer: z.discriminatedUnion('kind', [answered, unanswered]),
  cause: z
    .enum(INFO_CAUSES)
    .describe(
      'pending: accepted with 202, decided later. unrecognised: neither a success nor a refusal. ambiguous: both',
    ),
  message: z.string().exactOptional(),
  orderId: orderId.describe(
    'The order that a 202 names, in the form of a booked order id: the read-back may settle it',
  ),
  mayPromise: z
    .literal(true)
    .exactOptional()
    .describe('The answer may have told the contender that it got what it asked for'),
};

const attempt = z
  .discriminatedUnion('outcome', [
    z.object({ ...request, ...ok }),
    z.object({ ...request, ...fail }),
    z.object({ ...request, ...info }),
  ])
  .meta({
    id: 'Attempt',
    description: "One contender's request in one round. Times are milliseconds on the run's own monotonic clock",
  });

const statuses = z.array(z.union([status, z.string().regex(/^[1-9]\d\d\s*-\s*[1-9]\d\d$/)]));

const limits = z.object({
  rejections: statuses,
  serverErrors: z.int().min(0),
  p95Ms: ms,
  spreadMs: ms,
  overlap: z.number().min(0).max(1),
  strongRounds: z
    .number()
    .min(0)
    .max(1)
    .exactOptional()
    .describe('The share of rounds that must be strong; absent in old histories, where every round had to be'),
});

// The script was checked and its defaults filled in before the history was written.
const asRecorded = {
  ms: () => ms,
  statuses: () => statuses,
  flag: () => z.boolean().exactOptional(),
  names: () => z.array(z.string()),
} as unknown as SettingReader;
const [, ...namedRules] = ruleSchemas(asRecorded, z.object);

const rule = z
  .discriminatedUnion('name', namedRules)
  .meta({ id: 'Rule', description: 'What the run is judged by; absent: an ordinary race' });

const inventory = z.object({
  key: z.string().min(1),
  capacity: z.number().positive(),
  amount: decimal.exactOptional().describe('The capacity as it was written, where it is no whole number'),
  parts: z
    .array(z.string())
    .exactOptional()
    .describe('The parts of the inventory, where orders ask for several parts at once'),
  fields: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .exactOptional()
    .describe('What else the suite says about the inventory, such as another id of it'),
});

const plan = z.object({
  machines: machine.exactOptional().describe('How many machines race together; absent: the suite does not say'),
  machinesUnknown: z
    .literal(true)
    .exactOptional()
    .describe('Artillery ran this on a machine among others, and the suite does not say how many there are'),
  contenders: z.int().min(1),
  inventories: z.array(inventory),
  limits,
  readBack: z.boolean(),
  rule: rule.exactOptional(),
  anyItem: z
    .literal(true)
    .exactOptional()
    .describe(
      'Each contender goes for whatever it likes: a round has those who came, and an inventory may have no round',
    ),
  books: z.array(z.string()).exactOptional().describe('What the read-backs are called, where there are several'),
  words: words.exactOptional(),
  instances: z
    .array(z.string())
    .exactOptional()
    .describe('The servers of one API that divided the raced requests among them'),
  repeat: repeat.exactOptional(),
  oneAtATime: z
    .literal(true)
    .exactOptional()
    .describe('The attempts were sent one after the other, so that nothing was raced'),
  settleMs: ms
    .exactOptional()
    .describe('How long the target takes to decide what it accepted with 202; present only where the suite says so'),
});

const run = z
  .object({
    version: z
      .literal(HISTORY_VERSIONS)
      .describe(
        '1: an ordinary race, in which every "ok" is a booking. 2: the plan has a rule, and attempts say what they asked for. 3: a status survives a lost body, order ids are whole, a read-back says what it can prove',
      ),
    runId: z.string(),
    startedAt: wallClock,
    env: z.string(),
    target: z.string(),
    scenario: z.string(),
    label: z.string().describe('What an inventory is called in sentences'),
    targetVersion: targetVersion.exactOptional(),
    machine: machine.exactOptional().describe('The machine that wrote this file, where there were several'),
    plan,
    config: z
      .record(z.string(), z.unknown())
      .describe("The plugin's block after defaults and environment variables, without secrets"),
    command: z.string().describe('The command that repeats the run, without secrets'),
    versions: z.object({ plugin: z.string(), artillery: z.string(), node: z.string() }),
  })
  .describe('The first line: what was about to happen');

const end = z
  .object({
    endedAt: wallClock,
    atMs: ms,
    reason: z.enum(['completed', 'interrupted']),
    repeated: z
      .enum(REPEAT_ENDS)
      .exactOptional()
      .describe('Why no further round was raced, where rounds repeat; absent: something else ended the run'),
    exitCode: z
      .int()
      .exactOptional()
      .describe(
        'The exit code that something else in the suite asked for, such as 21 for a failed expectation; it counts where the run passed',
      ),
  })
  .describe('The last line: how the run ended. A history without one was cut off');

const more = z
  .object({ inventories: z.array(inventory) })
  .describe('Inventories that a request named when it was asked again, before a further pass');

/** The schema of a line, by its `type`. */
export const RECORDS = { run, more, attempt, 'read-back': readBack, problem: problemRecord, clock, lost, end } as const;

/** Parts of the history that a verdict file quotes. */
export const PARTS = { attempt, problem, limits, rule, words, config: run.shape.config, versions: run.shape.versions };

/** Parts of an attempt: what the contender asked for, and how the attempt ended. */
export const SHAPES = { intent, ok, fail, info };
