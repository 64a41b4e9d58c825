import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { type Attempt, capitalised, plural, type RoundSummary, saidIn, statusOf } from '../../model/index.ts';
import { spreadText } from '../contention.ts';
import { outcomeWord, type RoundName, roundName } from '../names.ts';
import { ID_LENGTH } from '../untrusted.ts';
import type { Style } from './style.ts';

/** `🚀 Spawned 100 VUs`, and where there are several machines, what the lines after it are about. */
export function spawnedLine(vus: number, { symbols }: Style, machines = 1): string {
  const spawned = `${symbols.rocket} Spawned ${plural(vus, 'VU')}`;
  return machines === 1
    ? spawned
    : `${spawned} here, on one of ${machines} machines. The verdict is about all of them.`;
}

/** What an inventory is called in the lines about its rounds. */
export type InventoryName = Pick<RoundName, 'label' | 'inventoryNumber'>;

type WithOutcome<O extends Attempt['outcome']> = Attempt & { readonly outcome: O };

/**
 * The line for one attempt, whatever its outcome.
 *
 * @param isWrong it is a success of a round in which too much was sold
 */
export function attemptLine(attempt: Attempt, inventory: InventoryName, style: Style, isWrong = false): string {
  switch (attempt.outcome) {
    case 'ok':
      return successLine(attempt, inventory, style, isWrong);
    case 'fail':
      return failureLine(attempt, inventory, style);
    case 'info':
      return unknownLine(attempt, inventory, style);
  }
}

/** `✓ SUCCESS - VU 34 booked seat 1 (79cd17f8-…) - Order: 41fe88ca-…` */
function successLine(attempt: WithOutcome<'ok'>, inventory: InventoryName, style: Style, isWrong: boolean): string {
  const { vu, orderId } = attempt;
  const head = (isWrong ? style.bad : style.good)(`${style.symbols.tick} SUCCESS`);
  return fitted(style, '', (id) => {
    const order = orderId === undefined ? '' : ` - Order: ${id(orderId)}`;
    return `${head} - VU ${vu} ${outcomeWord(attempt)} ${subjectOf(attempt, inventory, id)}${order}`;
  });
}

/** `✗ FAILED - VU 1 seat 1 (79cd17f8-…) - Status 400: Seat validation failed`. It is as it should be, so it is plain. */
function failureLine(attempt: WithOutcome<'fail'>, inventory: InventoryName, style: Style): string {
  const head = `${style.symbols.cross} FAILED`;
  const { vu, answer } = attempt;
  return fitted(
    style,
    sayingOf(attempt, style),
    (id, said) => `${head} - VU ${vu} ${subjectOf(attempt, inventory, id)} - Status ${answer.status}${said}`,
  );
}

/** `? UNKNOWN - VU 7 seat 1 (79cd17f8-…) - timeout: no answer within 10000 ms` */
function unknownLine(attempt: WithOutcome<'info'>, inventory: InventoryName, style: Style): string {
  const head = style.unsure(`${style.symbols.question} UNKNOWN`);
  const status = statusOf(attempt);
  const cause = status === undefined ? attempt.cause : `Status ${status} (${attempt.cause})`;
  return fitted(
    style,
    sayingOf(attempt, style),
    (id, said) => `${head} - VU ${attempt.vu} ${subjectOf(attempt, inventory, id)} - ${cause}${said}`,
  );
}

function sayingOf(attempt: Attempt, style: Style): string {
  const said = style.text(saidIn(attempt));
  return said === '' ? '' : `: ${said}`;
}

/** Characters of a shortened id: the first group of a UUID. */
const SHORT_ID = 10;

/** A message keeps at least this many characters, however narrow the screen is. */
const LEAST_MESSAGE = 20;

/** The whole line if it fits; else with short ids, and then with a short message: the reports have them in full. */
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

function subjectOf({ round, inventory: key }: Attempt, inventory: InventoryName, id: (text: string) => string): string {
  return roundName({ ...inventory, round, key: id(key) });
}

/** The figures that the line of a round shows. */
export type RoundFigures = Pick<
  RoundSummary,
  'number' | 'requests' | 'ok' | 'fail' | 'info' | 'spreadMs' | 'spreadErrorMs' | 'offsets' | 'overlap'
>;

/**
 * `Seat 1: 100 requests → ✓ 1 success, ✗ 99 failures (spread 1.3 ms, 100 at once)`. One line: a screen that is too narrow
 * shows less of it.
 *
 * @param violation what is wrong, in words that end the line: `sold 5 times`
 */
export function roundLine(round: RoundFigures, inventory: InventoryName, style: Style, violation?: string): string {
  const { symbols } = style;
  const same = (text: string) => text;
  const isWrong = violation !== undefined;
  const parts = [
    (isWrong ? same : style.good)(`${symbols.tick} ${plural(round.ok, 'success', 'successes')}`),
    `${symbols.cross} ${plural(round.fail, 'failure')}`,
    ...(round.info === 0 ? [] : [style.unsure(`${symbols.question} ${round.info} unknown`)]),
  ];
  const spread = round.spreadMs === undefined ? '' : `spread ${spreadText(round)}, `;
  const name = capitalised(roundName({ ...inventory, round: round.number }));
  const counts = `: ${plural(round.requests, 'request')} ${symbols.arrow} ${parts.join(', ')}`;
  const contention = ` ${style.faint(style.text(`(${spread}${round.overlap} at once)`))}`;
  const end = isWrong ? ` ${symbols.dash} ${style.bad(violation)}` : '';
  const candidates = [counts + contention + end, counts + end, isWrong ? end : counts].map(
    (text) => style.strong(name) + text,
  );
  const fits = (line: string) => !style.wraps || stringWidth(line) <= style.columns;
  return candidates.find(fits) ?? style.text(stripVTControlCharacters(candidates.at(-1) ?? ''), style.columns);
}
