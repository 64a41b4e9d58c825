import { type Answer, type Conclusion, compareAmounts, MAX_RECORDED_BODY } from '../../../model/index.ts';
import type { ReadableAnswer, WireReply } from './answer.ts';
import type { CompiledRules } from './outcome-rules.ts';
import type { Blotter } from './secrets/index.ts';

export const MAX_MESSAGE = 200;

/** A reply whose head came. */
export type AnsweredReply = Exclude<WireReply, { kind: 'broken' }>;

/** The parts of an answer that go into the history, no matter what the answer means. */
export interface Recorded {
  readonly answer: Answer & { kind: 'answered' };
  readonly message?: string;
}

export function recordedOf(
  rules: Pick<CompiledRules, 'messageOf' | 'orderIdOf'>,
  reply: AnsweredReply,
  readable: ReadableAnswer,
  blotter: Blotter,
): Recorded {
  const { status, lost } = readable;
  learnFrom(rules, reply, readable, blotter);
  // Blotted first and cut last: a secret that is cut in half would not be recognized.
  const shown = blotter.text;
  const message = rules.messageOf(readable);
  return {
    answer: {
      kind: 'answered',
      status,
      body: shown(readable.text, MAX_RECORDED_BODY, lost !== undefined),
      bodyBytes: reply.body.length,
      ...(lost !== undefined && { bodyLost: shown(lost, MAX_MESSAGE) }),
    },
    ...(message !== undefined && { message: shown(message, MAX_MESSAGE, lost !== undefined) }),
  };
}

/** The secrets that the answer gives out. A cookie that holds only the order's id is not a secret, unless its name says so. */
function learnFrom(
  { orderIdOf }: Pick<CompiledRules, 'orderIdOf'>,
  { headers }: AnsweredReply,
  answer: ReadableAnswer,
  blotter: Blotter,
): void {
  const found = blotter.find.inAnswer({ headers, text: answer.text, json: answer.json });
  if (found.length === 0) return;
  const orderId = orderIdOf(answer);
  blotter.learn(found.filter(({ value, isSure }) => isSure || value !== orderId));
}

/** What the contender got by an answer that proves a success, as far as the answer says it. */
export type Gained = Pick<Extract<Conclusion, { outcome: 'ok' }>, 'orderId' | 'granted' | 'grantedIds'>;

/** @returns undefined if no history can hold the number of units that the answer grants */
export function gainedBy(rules: CompiledRules, answer: ReadableAnswer, blotter: Blotter): Gained | undefined {
  const grantedIds = rules.grantedIdsOf(answer).map(blotter.id);
  const granted = rules.unitsOf(answer);
  if (Number.isNaN(granted)) return undefined;
  return {
    ...orderIdIn(rules, answer, blotter),
    ...(granted !== undefined &&
      compareAmounts(granted, 0) >= 0 &&
      isNoSecret(String(granted), blotter) && { granted }),
    ...(grantedIds.length > 0 && { grantedIds }),
  };
}

/** The id of the order, as far as the answer says it. */
export function orderIdIn(rules: CompiledRules, answer: ReadableAnswer, blotter: Blotter): { orderId?: string } {
  const orderId = rules.orderIdOf(answer);
  return orderId === undefined ? {} : { orderId: blotter.id(orderId) };
}

/** A secret is no number of units. */
const isNoSecret = (text: string, blotter: Blotter): boolean => blotter.text(text) === text;
