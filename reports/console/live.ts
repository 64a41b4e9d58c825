import stringWidth from 'string-width';
import { type Attempt, statusOf } from '../../model/index.ts';
import type { RoundSummary } from '../model.ts';
import { spreadText } from '../spread.ts';
import { plural } from '../units.ts';
import { ID_LENGTH } from '../untrusted.ts';
import { capitalised, outcomeWord, type RoundName, roundName } from '../wording.ts';
import type { Style } from './style.ts';

/** `🚀 Spawned 100 VUs` */
export function spawnedLine(vus: number, { symbols }: Style): string {
  return `${symbols.rocket} Spawned ${plural(vus, 'VU')}`;
}

/** A round's name but for what every attempt at it knows. */
export type Place = Pick<RoundName, 'label' | 'place'>;

/** The line for one attempt, whatever came of it. */
export function attemptLine(attempt: Attempt, place: Place, style: Style): string {
  switch (attempt.outcome) {
    case 'ok':
      return successLine(attempt, place, style);
    case 'fail':
      return failureLine(attempt, place, style);
    case 'info':
      return unknownLine(attempt, place, style);
  }
}

type WithOutcome<O extends Attempt['outcome']> = Attempt & { readonly outcome: O };

/** `✓ SUCCESS - VU 34 booked seat 1 (79cd17f8-…) - Order: 41fe88ca-…` */
export function successLine(attempt: WithOutcome<'ok'>, place: Place, style: Style): string {
  const { vu, orderId } = attempt;
  const head = style.good(`${style.symbols.tick} SUCCESS`);
  return fitted(style, '', (id) => {
    const order = orderId === undefined ? '' : ` - Order: ${id(orderId)}`;
    return `${head} - VU ${vu} ${outcomeWord(attempt)} ${subjectOf(attempt, place, id)}${order}`;
  });
}

/** `✗ FAILED - VU 1 seat 1 (79cd17f8-…) - Status 400: Seat validation failed` */
export function failureLine(attempt: WithOutcome<'fail'>, place: Place, style: Style): string {
  const message = attempt.message === undefined ? '' : `: ${style.text(attempt.message)}`;
  const head = style.bad(`${style.symbols.cross} FAILED`);
  const { vu, answer } = attempt;
  return fitted(
    style,
    message,
    (id, said) => `${head} - VU ${vu} ${subjectOf(attempt, place, id)} - Status ${answer.status}${said}`,
  );
}

/** `? UNKNOWN - VU 7 seat 1 (79cd17f8-…) - timeout: no answer within 10000 ms` */
export function unknownLine(attempt: WithOutcome<'info'>, place: Place, style: Style): string {
  const head = style.unsure(`${style.symbols.question} UNKNOWN`);
  const detail = attempt.answer.kind === 'unanswered' ? attempt.answer.error : attempt.message;
  const status = statusOf(attempt);
  const cause = status === undefined ? attempt.cause : `Status ${status} (${attempt.cause})`;
  const message = detail === undefined ? '' : `: ${style.text(detail)}`;
  return fitted(
    style,
    message,
    (id, said) => `${head} - VU ${attempt.vu} ${subjectOf(attempt, place, id)} - ${cause}${said}`,
  );
}

/** How many characters of an id are left where it is shortened: the first group of a UUID. */
const SHORT_ID = 10;

/** However narrow a screen is, so much of a message is shown. */
const LEAST_MESSAGE = 20;

/** A line in full; on a screen that is too narrow for it the ids are shortened, and then the message: the reports have them. */
function fitted(
  style: Style,
  message: string,
  line: (id: (text: string) => string, message: string) => string,
): string {
  const fits = (text: string) => !style.wraps || stringWidth(text) <= style.columns;
  const short = (text: string) => style.text(text, SHORT_ID);
  const candidates = [line((text) => style.text(text, ID_LENGTH), message), line(short, message)];
  const room = Math.max(LEAST_MESSAGE, style.columns - stringWidth(line(short, '')));
  return candidates.find(fits) ?? line(short, style.text(message, room));
}

function subjectOf({ round, inventory }: Attempt, place: Place, id: (text: string) => string): string {
  return roundName({ ...place, number: round, key: id(inventory) });
}

/** What a round's line says. */
export type RoundFigures = Pick<
  RoundSummary,
  'number' | 'requests' | 'ok' | 'fail' | 'info' | 'spreadMs' | 'offsets' | 'overlap'
>;

/** `Seat 1: 100 requests → ✓ 1 success, ✗ 99 failures (spread 1.3 ms, 100 at once)` */
export function roundLine(round: RoundFigures, place: Place, style: Style): string {
  const { symbols } = style;
  const parts = [
    style.good(`${symbols.tick} ${plural(round.ok, 'success', 'successes')}`),
    `${symbols.cross} ${plural(round.fail, 'failure')}`,
    ...(round.info === 0 ? [] : [style.unsure(`${symbols.question} ${round.info} unknown`)]),
  ];
  const spread = round.spreadMs === undefined ? '' : `spread ${spreadText(round)}, `;
  const head = `${style.strong(capitalised(roundName({ ...place, number: round.number })))}: ${plural(round.requests, 'request')}`;
  const counts = `${head} ${symbols.arrow} ${parts.join(', ')}`;
  const contention = style.faint(`(${spread}${round.overlap} at once)`);
  const isBroken = style.wraps && stringWidth(counts) + 1 + stringWidth(contention) > style.columns;
  return `${counts}${isBroken ? '\n  ' : ' '}${contention}`;
}
