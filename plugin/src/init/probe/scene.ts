import type { ReadableAnswer, WireReply } from '../../recording/index.ts';
import { type Evidence, readable } from './evidence.ts';
import { type Found, type OrderIdHints, orderIdIn } from './order-id.ts';
import { type LearntReadBack, learnReadBack } from './read-back.ts';
import type { Show } from './trouble.ts';

/** The evidence, with what can be read in each answer alone. */
export interface Scene {
  readonly evidence: Evidence;
  readonly show: Show;
  readonly hints: OrderIdHints;
  /** The order that the first booking got. */
  readonly order: Found | undefined;
  /** The order that the second booking was told. */
  readonly otherOrder: Found | undefined;
  readonly readBack: LearntReadBack | undefined;
}

export function sceneOf(evidence: Evidence, show: Show): Scene {
  const { seat, sent, first, second, third, readBack, status } = evidence;
  const hints: OrderIdHints = {
    sent: [String(seat), ...sent],
    before: readable(readBack?.before)?.text,
    after: readable(readBack?.between)?.text,
    isSameUser: first.user === (third ?? second)?.user,
  };
  const idOf = (reply: WireReply | undefined) => found(readable(reply), hints);
  const order = idOf(first.reply) ?? idOf(status?.first.at(-1));
  return {
    evidence,
    show,
    hints,
    order,
    otherOrder: idOf((third ?? second)?.reply),
    readBack: learnReadBack(evidence, order?.value),
  };
}

const found = (answer: ReadableAnswer | undefined, hints: OrderIdHints) =>
  answer === undefined ? undefined : orderIdIn(answer, hints);
