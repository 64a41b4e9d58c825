import { type Answer, type Conclusion, compareAmounts, MAX_RECORDED_BODY } from '../../../model/index.ts';
import type { ReadableAnswer, WireReply } from './answer.ts';
import { mask } from './mask.ts';
import { recordedOrderId } from './order-id.ts';
import type { CompiledRules } from './outcome-rules.ts';
import { secretsBelow, secretsOf } from './secrets.ts';

export const MAX_MESSAGE = 200;

/** A reply whose head came. */
export type AnsweredReply = Exclude<WireReply, { kind: 'broken' }>;

/** The parts of an answer that go into the history, no matter what the answer means. */
export interface Recorded {
  readonly answer: Answer & { kind: 'answered' };
  readonly message?: string;
}

/** @param sent the secrets of the request */
export function recordedOf(
  rules: Pick<CompiledRules, 'messageOf'>,
  reply: AnsweredReply,
  readable: ReadableAnswer,
  sent: readonly string[],
): Recorded {
  const { status, lost } = readable;
  const setCookies = secretsOf({ headers: { 'set-cookie': reply.headers['set-cookie'] } });
  const secrets = [...sent, ...setCookies, ...secretsBelow(readable.json)];
  // Masked first and cut last: a secret that is cut in half would not be recognized.
  const shown = (text: string, length: number) => mask(text, secrets).slice(0, length);
  const message = rules.messageOf(readable);
  return {
    answer: {
      kind: 'answered',
      status,
      body: shown(readable.text, MAX_RECORDED_BODY),
      bodyBytes: reply.body.length,
      ...(lost !== undefined && { bodyLost: shown(lost, MAX_MESSAGE) }),
    },
    ...(message !== undefined && { message: shown(message, MAX_MESSAGE) }),
  };
}

/** What the contender got by an answer that proves a success, as far as the answer says it. */
export type Gained = Pick<Extract<Conclusion, { outcome: 'ok' }>, 'orderId' | 'granted' | 'grantedIds'>;

/** @param sent the secrets of the request */
export function gainedBy(rules: CompiledRules, answer: ReadableAnswer, sent: readonly string[]): Gained {
  const grantedIds = rules.grantedIdsOf(answer).flatMap((id) => recordedId(id, sent) ?? []);
  const granted = rules.unitsOf(answer);
  return {
    ...orderIdIn(rules, answer, sent),
    ...(granted !== undefined && compareAmounts(granted, 0) >= 0 && { granted }),
    ...(grantedIds.length > 0 && { grantedIds }),
  };
}

/** The id of the order, as far as the answer says it. */
export function orderIdIn(rules: CompiledRules, answer: ReadableAnswer, sent: readonly string[]): { orderId?: string } {
  const orderId = recordedId(rules.orderIdOf(answer), sent);
  return orderId === undefined ? {} : { orderId };
}

/** A masked id could not be compared with the ids of the read-back. A cookie that the answer sets may hold the order id. */
export const recordedId = (id: string | undefined, sent: readonly string[]): string | undefined =>
  id !== undefined && mask(id, sent) === id ? recordedOrderId(id) : undefined;
