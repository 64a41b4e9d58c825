import { type Attempt, type Operation, operationOf, statusOf } from '../../plugin/src/model/index.ts';
import type { RoundSummary } from '../model.ts';
import { spreadText } from '../spread.ts';
import { formatDuration, plural } from '../units.ts';
import { ID_LENGTH } from '../untrusted.ts';
import { capitalised } from '../wording.ts';
import { widthOf } from './layout.ts';
import type { Style } from './style.ts';

/** `🚀 Spawned 100 VUs` */
export function spawnedLine(vus: number, { symbols }: Style): string {
  return `${symbols.rocket} Spawned ${plural(vus, 'VU')}`;
}

/** The line for one attempt, whatever came of it. `label` is what an inventory is called, e.g. `seat`. */
export function attemptLine(attempt: Attempt, label: string, style: Style): string {
  switch (attempt.outcome) {
    case 'ok':
      return successLine(attempt, label, style);
    case 'fail':
      return failureLine(attempt, label, style);
    case 'info':
      return unknownLine(attempt, label, style);
  }
}

type WithOutcome<O extends Attempt['outcome']> = Attempt & { readonly outcome: O };

/** What was done to an inventory, in the past tense. */
const DONE = {
  book: 'booked',
  hold: 'held',
  confirm: 'confirmed',
  cancel: 'cancelled',
} as const satisfies Record<Operation, string>;

/** `✓ SUCCESS - VU 34 booked seat 1 (79cd17f8-…) - Order: 41fe88ca-…`, both ids in full. */
export function successLine(attempt: WithOutcome<'ok'>, label: string, style: Style): string {
  const order = attempt.orderId === undefined ? '' : ` - Order: ${style.text(attempt.orderId, ID_LENGTH)}`;
  const head = style.good(`${style.symbols.tick} SUCCESS`);
  return `${head} - VU ${attempt.vu} ${DONE[operationOf(attempt)]} ${subjectOf(attempt, label, style)}${order}`;
}

/** `✗ FAILED - VU 1 seat 1 (79cd17f8-…) - Status 400: Seat validation failed` */
export function failureLine(attempt: WithOutcome<'fail'>, label: string, style: Style): string {
  const message = attempt.message === undefined ? '' : `: ${style.text(attempt.message)}`;
  const head = style.bad(`${style.symbols.cross} FAILED`);
  return `${head} - VU ${attempt.vu} ${subjectOf(attempt, label, style)} - Status ${attempt.answer.status}${message}`;
}

/** `? UNKNOWN - VU 7 seat 1 (79cd17f8-…) - timeout: no answer within 10000 ms` */
export function unknownLine(attempt: WithOutcome<'info'>, label: string, style: Style): string {
  const head = style.unsure(`${style.symbols.question} UNKNOWN`);
  const detail = attempt.answer.kind === 'unanswered' ? attempt.answer.error : attempt.message;
  const status = statusOf(attempt);
  const cause = status === undefined ? attempt.cause : `Status ${status} (${attempt.cause})`;
  const said = detail === undefined ? '' : `: ${style.text(detail)}`;
  return `${head} - VU ${attempt.vu} ${subjectOf(attempt, label, style)} - ${cause}${said}`;
}

function subjectOf({ round, inventory }: Attempt, label: string, style: Style): string {
  return `${label} ${round} (${style.text(inventory, ID_LENGTH)})`;
}

/** What a round's line says. */
export type RoundFigures = Pick<
  RoundSummary,
  'number' | 'requests' | 'ok' | 'fail' | 'info' | 'spreadMs' | 'offsets' | 'overlap'
>;

/** `Seat 1: 100 requests → ✓ 1 success, ✗ 99 failures (spread 1.3 ms, 100 at once)` */
export function roundLine(round: RoundFigures, label: string, style: Style): string {
  const { symbols } = style;
  const parts = [
    style.good(`${symbols.tick} ${plural(round.ok, 'success', 'successes')}`),
    `${symbols.cross} ${plural(round.fail, 'failure')}`,
    ...(round.info === 0 ? [] : [style.unsure(`${symbols.question} ${round.info} unknown`)]),
  ];
  const spread = round.spreadMs === undefined ? '' : `spread ${spreadText(round)}, `;
  const head = `${style.strong(`${capitalised(label)} ${round.number}`)}: ${plural(round.requests, 'request')}`;
  return `${head} ${symbols.arrow} ${parts.join(', ')} ${style.faint(`(${spread}${round.overlap} at once)`)}`;
}

/** Where a run stands. */
export interface Progress {
  /** The round that runs now, 1, 2, 3 … */
  readonly round: number;
  /** How many there will be; 0 where nobody knows, as with a foreign suite. */
  readonly rounds: number;
  readonly label: string;
  /** Attempts of this round that are over. */
  readonly done: number;
  readonly contenders: number;
  /** Milliseconds since the first round began. */
  readonly elapsedMs: number;
}

/** One line, no wider than the terminal: a bar, which seat, how many are to go, and for how long. */
export function progressLine(progress: Progress, style: Style): string {
  const { round, rounds, label, done, contenders, elapsedMs } = progress;
  const { symbols } = style;
  const isBounded = rounds >= round && contenders > 0;
  const share = isBounded ? Math.min(1, ((round - 1) * contenders + done) / (rounds * contenders)) : 0;
  const place = `${capitalised(label)} ${round}${isBounded ? `/${rounds}` : ''}`;
  const toGo = `${Math.max(0, contenders - done)} of ${plural(contenders, 'request')} to go`;
  // A guess from a few answers is worse than none.
  const left =
    share < 0.02 ? undefined : `about ${formatDuration(Math.ceil((elapsedMs * (1 / share - 1)) / 1000) * 1000)} left`;
  const words = fitting([place, toGo, ...(isBounded && left !== undefined ? [left] : [])], style.columns);
  const room = Math.min(30, style.columns - widthOf(words) - 2);
  if (!isBounded || room < 5) return words;
  const full = Math.round(share * room);
  return `${style.accent(symbols.full.repeat(full))}${style.faint(symbols.empty.repeat(room - full))}  ${words}`;
}

/** As many of the parts, from the first, as fit into one line. */
function fitting(parts: readonly string[], columns: number): string {
  const count = parts.findLastIndex((_, index) => widthOf(parts.slice(0, index + 1).join(', ')) <= columns) + 1;
  return parts.slice(0, Math.max(1, count)).join(', ').slice(0, columns);
}
