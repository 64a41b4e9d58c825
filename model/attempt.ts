import { type Amount, addUp } from './decimal.ts';
import type { Attempt, Conclusion, Intent, Success } from './history.ts';

/** How many characters of a body a history keeps. */
export const MAX_RECORDED_BODY = 300;

/** The operation of an attempt; under some rules, a suite may name operations of its own. */
export const operationOf = ({ operation = 'book' }: Intent): string => operation;

/** How many units an attempt wanted. */
export const amountWanted = ({ units = 1 }: Intent): Amount => units;

/** How many units an attempt got: what the answer grants, or else what it wanted. */
export const amountGranted = ({ granted, grantedIds, units = 1 }: Success): Amount =>
  granted ?? grantedIds?.length ?? units;

/** {@link amountWanted} as a number: exact where it is whole. */
export const unitsOf = (intent: Intent): number => Number(amountWanted(intent));

/** {@link amountGranted} as a number: exact where it is whole. */
export const grantedTo = (attempt: Success): number => Number(amountGranted(attempt));

/** How many units all of them were told that they got: the number that is nearest to the exact sum. */
export const unitsGrantedTo = (winners: readonly Success[]): number => Number(addUp(winners.map(amountGranted)));

/** How many units all of them wanted: the number that is nearest to the exact sum. */
export const unitsWantedBy = (attempts: readonly Attempt[]): number => Number(addUp(attempts.map(amountWanted)));

/** The person on whose behalf an attempt was made. */
export const userOf = ({ user, vu }: Intent & { readonly vu: number }): string => user ?? `VU ${vu}`;

/** When an attempt began: its release; if it ended before that, when it was staged or answered. */
export const startOf = ({ releasedAtMs, stagedAtMs, completedAtMs }: Attempt): number =>
  releasedAtMs ?? stagedAtMs ?? completedAtMs;

/** The status of the answer; undefined without an answer. */
export function statusOf(attempt: Conclusion): number | undefined {
  return attempt.answer.kind === 'answered' ? attempt.answer.status : undefined;
}

/**
 * From the release to the complete answer, in milliseconds. Undefined for an attempt that was never released or never
 * answered in full: a timeout says how long we waited, and nothing about how fast the target answers. What another request
 * decided later was answered when its own answer came.
 */
export function responseTimeMs({
  releasedAtMs,
  completedAtMs,
  settledAfterMs = 0,
  answer,
}: Attempt): number | undefined {
  if (releasedAtMs === undefined || answer.kind === 'unanswered' || answer.bodyLost !== undefined) return undefined;
  return completedAtMs - settledAfterMs - releasedAtMs;
}

/** Whether the time for an answer ran out: before its head, or between its head and its end. */
export const isTimedOut = (attempt: Conclusion): boolean =>
  attempt.outcome === 'info' &&
  (attempt.cause === 'timeout' ||
    (attempt.answer.kind === 'answered' && attempt.answer.bodyLost?.startsWith('timeout') === true));

/** Every known {@link responseTimeMs}, ascending; as numbers in 8 bytes each, so half a million take 4 MB. */
export const responseTimesMs = (attempts: readonly Attempt[]): Float64Array => timesMs(attempts, responseTimeMs);

/** How long attempts took, as far as it is known, ascending. */
export function timesMs(attempts: readonly Attempt[], timeOf: (attempt: Attempt) => number | undefined): Float64Array {
  const times = new Float64Array(attempts.length);
  let length = 0;
  for (const attempt of attempts) {
    const ms = timeOf(attempt);
    if (ms !== undefined) times[length++] = ms;
  }
  return times.slice(0, length).sort();
}

/** What the answer to an attempt says; without words for people, the beginning of its body, or why no answer came. */
export function saidIn(attempt: Conclusion): string {
  if (attempt.outcome !== 'ok' && attempt.message !== undefined) return attempt.message;
  return attempt.answer.kind === 'answered' ? attempt.answer.body : attempt.answer.error;
}

/** How an attempt ended, in one short line for people: `201, order 41fe88ca`, `400: Seat taken`, `timeout: …`. */
export function describeConclusion(attempt: Conclusion): string {
  const said = saidIn(attempt);
  const saying = said === '' ? '' : `: ${said}`;
  switch (attempt.outcome) {
    case 'ok':
      return [attempt.answer.status, ...orderOf(attempt), ...grantsOf(attempt)].join(', ');
    case 'fail':
      return `${attempt.answer.status}${saying}`;
    case 'info':
      return attempt.answer.kind === 'answered'
        ? `${attempt.answer.status} (${attempt.cause})${saying}`
        : `no answer (${attempt.cause})${saying}`;
  }
}

const orderOf = ({ orderId }: Pick<Success, 'orderId'>) => (orderId === undefined ? [] : [`order ${orderId}`]);

/** So many granted ids are named. */
const SHOWN_IDS = 5;

function grantsOf({ grantedIds = [] }: Pick<Success, 'grantedIds'>): string[] {
  const more = grantedIds.length - SHOWN_IDS;
  const named = [...grantedIds.slice(0, SHOWN_IDS), ...(more > 0 ? [`${more} more`] : [])];
  return grantedIds.length === 0 ? [] : [`got ${named.join(', ')}`];
}

/** What an attempt asked for besides the inventory, in a few words; empty for one unit to book. */
export function describeIntent({ operation, units, parts, from, to, user, idempotencyKey }: Intent): string {
  return [
    operation ?? [],
    units === undefined ? [] : `${units} ${units === 1 ? 'unit' : 'units'}`,
    parts ?? [],
    from === undefined ? [] : `${from} to ${to}`,
    user === undefined ? [] : `as ${user}`,
    idempotencyKey === undefined ? [] : `key ${idempotencyKey}`,
  ]
    .flat()
    .join(', ');
}
