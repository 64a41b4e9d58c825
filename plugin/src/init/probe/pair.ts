import {
  type Condition,
  compileCondition,
  type OutcomeRules,
  outcomeReader,
  type ReadableAnswer,
  type WireReply,
} from '../../recording/index.ts';
import { createGaps, type Gaps } from './gaps.ts';
import { placeIn, placePattern } from './location.ts';
import { messageIn } from './message.ts';
import { type Found, type OrderIdHints, orderIdIn, type Where } from './order-id.ts';
import { type Side, type Tell, tellsOf } from './tells.ts';

/** How the answers to bookings are read: what the suite says under `outcome`. */
export interface Reading {
  readonly success: Condition;
  readonly refusal: Condition;
  readonly orderId?: Where | undefined;
  readonly message?: Where | undefined;
  /** How sure the weaker of the two conditions is: from 0 to 100. */
  readonly score: number;
}

export interface Told {
  readonly success: ReadableAnswer;
  readonly refusal: ReadableAnswer;
  /** Answers that mean neither, such as a status page that says "later". */
  readonly neither?: readonly ReadableAnswer[];
  readonly hints: OrderIdHints;
}

/** Tells a success from a refusal; undefined where the two answers do not differ in anything that another seat would show too. */
export function readingOf(told: Told): Reading | undefined {
  const { success, refusal, neither = [], hints } = told;
  const order = orderIdIn(success, hints);
  const gaps = createGaps(hints.sent, order === undefined ? [] : [order.value]);
  const known = hints.before === undefined ? [] : [hints.before];
  const common = { gaps, known, orderId: pathOf(order), isSameUser: hints.isSameUser === true };
  const good = conditionFor({ ...common, answer: success, others: [refusal, ...neither], isSuccess: true });
  const bad = conditionFor({ ...common, answer: refusal, others: [success, ...neither], isSuccess: false });
  if (good === undefined || bad === undefined) return undefined;
  return {
    success: good.condition,
    refusal: bad.condition,
    orderId: order?.where,
    message: messageIn(refusal, bad.condition, gaps),
    score: Math.min(good.score, bad.score),
  };
}

const pathOf = (order: Found | undefined) => (typeof order?.where === 'string' ? order.where : undefined);

/** What holds for this answer and not for the others. */
function conditionFor(side: Side): Tell | undefined {
  const { answer, others, isSuccess } = side;
  const base = { status: [answer.status], ...placeCondition(answer, side.gaps) };
  const isExact = (condition: Condition) => {
    const holds = compileCondition(condition);
    return holds(answer) && !others.some(holds);
  };
  const exactTell = (and: Condition) => tellsOf(side).find(({ condition }) => isExact({ ...and, ...condition }));
  if (isExact(base)) {
    // A page proves a success only where the condition looks at its text.
    const text = isSuccess && !answer.isSound && base.header === undefined ? exactTell({})?.condition : {};
    const isSure = others.some(({ status }) => status >= 400) || answer.status >= 400;
    return text && { condition: { ...base, ...text }, score: isSure ? 100 : 70 };
  }
  // The body of a redirect is written by a framework, and nobody sees it.
  const tell = placeIn(answer) === undefined ? exactTell(base) : undefined;
  return tell && { condition: { ...base, ...tell.condition }, score: tell.score };
}

function placeCondition(answer: ReadableAnswer, gaps: Gaps): Pick<Condition, 'header'> {
  const place = placeIn(answer);
  return place === undefined ? {} : { header: { location: placePattern(place, gaps) } };
}

const USUAL = { orderId: '$.order_id', message: '$.message' };

/** Whether the product itself, reading like this, takes the one for a success and the other for a refusal. */
export function isTrue(reading: Reading, success: WireReply, refusal: WireReply): boolean {
  const { orderId = USUAL.orderId, message = USUAL.message } = reading;
  const rules: OutcomeRules = { success: reading.success, refusal: reading.refusal, orderId, message };
  const read = outcomeReader(rules);
  const request = { headers: {} };
  return read(success, request).outcome === 'ok' && read(refusal, request).outcome === 'fail';
}
