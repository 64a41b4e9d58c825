import type { ReadableAnswer } from '../../recording/index.ts';
import { type Evidence, readable, type StatusSeen } from './evidence.ts';
import type { LearntOutcome, LearntSettles } from './learnt.ts';
import type { OrderIdHints } from './order-id.ts';
import { isTrue, type Reading, readingOf } from './pair.ts';

/** How a 202 is decided by the page that it names; undefined where the two pages do not tell. */
export function settledBy(
  evidence: Evidence,
  status: StatusSeen,
  hints: OrderIdHints,
): { readonly outcome: LearntOutcome; readonly settles: LearntSettles } | undefined {
  const [good, bad] = [status.first.at(-1), status.second.at(-1) ?? evidence.second?.reply];
  const [success, refusal] = [readable(good), readable(bad)];
  if (good === undefined || bad === undefined || success === undefined || refusal === undefined) return undefined;
  const isOutright = status.second.length === 0;
  const later = [...status.first.slice(0, -1), ...status.second.slice(0, -1)]
    .flatMap((reply) => readable(reply) ?? [])
    .filter(({ text }) => text !== success.text && text !== refusal.text);
  // The status alone decides nothing: a page that says "later" has the same.
  const empty = [success, refusal].map(emptied);
  const neither = isOutright ? [...later, ...empty.slice(0, 1)] : [...later, ...empty];
  const reading = readingOf({ success, refusal, neither, hints });
  if (reading === undefined || !isTrue(reading, good, bad)) return undefined;
  return {
    outcome: isOutright ? refusedOutright(reading) : { ...ids(reading), settled: conditions(reading) },
    settles: settlesOf(status),
  };
}

const emptied = (answer: ReadableAnswer): ReadableAnswer => ({
  ...answer,
  text: answer.json === undefined ? '' : '{}',
  json: answer.json === undefined ? undefined : {},
});

const conditions = ({ success, refusal }: Reading) => ({ success, refusal });

const ids = ({ orderId, message }: Reading) => ({
  ...(orderId !== undefined && { orderId }),
  ...(message !== undefined && { message }),
});

/** The second was refused at once, so only the success is known from the page. */
const refusedOutright = (reading: Reading): LearntOutcome => ({
  refusal: reading.refusal,
  ...ids(reading),
  settled: { success: reading.success },
});

const settlesOf = ({ page, decidedAfterMs }: StatusSeen): LearntSettles => ({
  ...page,
  everyMs: 200,
  withinMs: Math.max(10_000, upTo(1000, 4 * decidedAfterMs)),
});

/** How long a read-back has to wait: twice as long as the probe did, and at least a second. */
export const settleMsFor = (shownAfterMs: number): number => Math.max(1000, upTo(100, 2 * shownAfterMs));

const upTo = (step: number, value: number): number => Math.ceil(value / step) * step;
