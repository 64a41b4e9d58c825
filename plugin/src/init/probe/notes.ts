import type { Condition } from '../../recording/index.ts';
import { type Booking, readable } from './evidence.ts';
import type { LearntOutcome, LearntSettles } from './learnt.ts';
import type { Where } from './order-id.ts';
import type { Scene } from './scene.ts';
import { saidIn } from './trouble.ts';

/** What two different answers taught, in lines to say. */
export const taughtNotes = (scene: Scene, { success = {}, refusal = {}, ...found }: LearntOutcome): readonly string[] =>
  [
    `success: ${statusIn(scene, 'first')}${knownBy(success, scene)}`,
    `refusal: ${answerIn(scene, 'second')}${knownBy(refusal, scene)}`,
    fieldsNote(scene, found),
    ...againNote(scene),
    readBackNote(scene),
  ].slice(0, MAX_NOTES);

const MAX_NOTES = 5;

export const equalNotes = (scene: Scene): readonly string[] => [
  `both answers are alike (${statuses(scene)}), so they cannot tell a success from a refusal`,
  'rule: state; only what the read-back shows afterwards counts',
  fieldsNote(scene, { ...(scene.order !== undefined && { orderId: scene.order.where }) }),
  readBackNote(scene),
];

export function settledNotes(scene: Scene, outcome: LearntOutcome, settles: LearntSettles): readonly string[] {
  const { success = {}, refusal = outcome.refusal ?? {} } = outcome.settled ?? {};
  const { header, json } = settles.capture;
  const where = typeof header === 'string' ? `the header ${header}` : String(json ?? settles.url);
  return [
    `accepted: ${statusIn(scene, 'first')}, then ${answerIn(scene, 'second')}; the page that ${scene.show(where, 60)} names says how it went on`,
    `success: ${conditionText(success, scene)} on that page`,
    `refusal: ${conditionText(refusal, scene)}`,
    fieldsNote(scene, outcome),
    readBackNote(scene),
  ];
}

export const awaitedNotes = (scene: Scene, settleMs: number): readonly string[] => [
  `accepted: ${statusIn(scene, 'first')}, then ${answerIn(scene, 'second')}; nothing says how a 202 goes on but the read-back`,
  `the booking showed ${scene.evidence.readBack?.shownAfterMs ?? 0} ms later, so readBack.settleMs is ${settleMs}`,
  fieldsNote(scene, { ...(scene.order !== undefined && { orderId: scene.order.where }) }),
  readBackNote(scene),
];

const bookingIn = ({ evidence }: Scene, which: 'first' | 'second'): Booking | undefined =>
  which === 'first' ? evidence.first : (evidence.third ?? evidence.second);

const statusIn = (scene: Scene, which: 'first' | 'second'): string =>
  String(readable(bookingIn(scene, which)?.reply)?.status ?? 'no answer');

/** The status of an answer, and what it says. */
function answerIn(scene: Scene, which: 'first' | 'second'): string {
  const booking = bookingIn(scene, which);
  return `${statusIn(scene, which)}${booking === undefined ? '' : saidIn(booking.reply, scene.show)}`;
}

/** What a condition looks at besides the status. */
function knownBy({ status: _, ...others }: Condition, scene: Scene): string {
  return Object.keys(others).length === 0 ? '' : `, known by ${conditionText(others, scene)}`;
}

const statuses = (scene: Scene): string => `${statusIn(scene, 'first')}, ${answerIn(scene, 'second')}`;

/** A condition as a person says it: `status 201`, `status 200 and $.success = true`. */
function conditionText(condition: Condition, { show }: Scene): string {
  const { status = [], header = {}, body = {}, text, has = [], lacks = [] } = condition;
  const parts = [
    ...(status.length > 0 ? [`status ${status.join(', ')}`] : []),
    ...Object.entries(header).map(([name, value]) => `${name} ${value}`),
    ...Object.entries(body).map(
      ([path, value]) => `${path} = ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
    ...(text === undefined ? [] : [`the text "${text}"`]),
    ...has.map((path) => `${path} is there`),
    ...lacks.map((path) => `no ${path}`),
  ];
  return show(parts.join(' and '), 120);
}

function fieldsNote(scene: Scene, { orderId, message }: Pick<LearntOutcome, 'orderId' | 'message'>): string {
  const { order, show } = scene;
  const id =
    orderId === undefined
      ? 'no order id was found'
      : `order id: ${whereText(orderId, scene)}${order === undefined ? '' : ` (${show(order.value, 40)})`}`;
  return `${id}; message: ${message === undefined ? 'the first words of the answer' : whereText(message, scene)}`;
}

const whereText = (where: Where, { show }: Scene): string =>
  show(
    typeof where === 'string' ? where : 'header' in where ? `${where.header} ${where.match}` : `the text ${where.text}`,
    80,
  );

/** A third booking was needed: the API tells a user the same order again. */
const againNote = ({ evidence }: Scene): readonly string[] =>
  evidence.third === undefined
    ? []
    : ['the API tells one user the same order again, so name a user for each virtual user (--user, or a CSV)'];

function readBackNote({ evidence, readBack, show }: Scene): string {
  const { readBack: seen } = evidence;
  if (seen === undefined)
    return 'read-back: none, so only the answers count; --read-back names a page that lists the bookings';
  const get = show(seen.get, 80);
  if (readBack === undefined) {
    const status = readable(seen.between)?.status ?? 'no answer';
    return `read-back: ${get} (${status}) did not change in a way that can be read, so it is left out`;
  }
  const { units, orderIds, remaining, taken } = readBack.rules;
  const where = show(JSON.stringify(orderIds ?? units ?? remaining ?? taken), 80);
  if (!readBack.counts)
    return `read-back: ${get} told the truth (${where}); taken or free alone cannot show a second sale`;
  const after = readBack.unitsAfter === undefined ? '' : `, then ${readBack.unitsAfter}`;
  return `read-back: ${get} told the truth: 0 bookings, then 1${after} (${where})`;
}
