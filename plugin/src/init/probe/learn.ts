import { settledBy, settleMsFor } from './accepted.ts';
import { type Evidence, readable } from './evidence.ts';
import type { Learnt, LearntOutcome, Unlearnt } from './learnt.ts';
import { awaitedNotes, equalNotes, settledNotes, taughtNotes } from './notes.ts';
import { isTrue, type Reading, readingOf } from './pair.ts';
import { type Scene, sceneOf } from './scene.ts';
import { looksRefused, type Show, saidIn, troubleIn } from './trouble.ts';

/**
 * What two bookings of one seat, one after the other, teach about an API. It never calls both answers a success: what it gives
 * was tried with the product's own reading of answers.
 *
 * @param show makes what a server says fit to print
 */
export function learn(evidence: Evidence, show: Show): Learnt | Unlearnt {
  const { first, second, third } = evidence;
  const trouble = firstTrouble(evidence, show);
  if (trouble !== undefined) return trouble;
  const [a, b] = [readable(first.reply), readable((third ?? second)?.reply)];
  if (a === undefined || b === undefined || second === undefined) {
    return { problem: 'no-answer', message: 'the answers cannot be read' };
  }
  const scene = sceneOf(evidence, show);
  if (a.status === 202) return accepted(scene);
  const reading = readingOf({ success: a, refusal: b, hints: scene.hints });
  const isKnown = reading !== undefined && isTrue(reading, first.reply, (third ?? second).reply);
  if (isKnown && !isDoubtful(scene, reading)) return taught(scene, outcomeOf(reading));
  return isSameOrder(scene) ? sameOrder(scene) : equal(scene);
}

/** Why nothing can be learnt, whatever else the answers say. */
export function firstTrouble({ seat, first, second, third }: Evidence, show: Show): Unlearnt | undefined {
  const trouble =
    troubleIn(first, 'first', show) ??
    (second && troubleIn(second, 'second', show)) ??
    (third && troubleIn(third, 'third', show));
  if (trouble !== undefined) return trouble;
  const [a, b] = [readable(first.reply), readable(second?.reply)];
  if (a === undefined || !looksRefused(a) || (second === undefined && a.status < 400)) return undefined;
  const both = b === undefined || looksRefused(b);
  const statuses = b === undefined ? a.status : `${a.status} and ${b.status}`;
  return {
    problem: 'refused',
    message: both
      ? `${b === undefined ? 'the first booking' : 'both bookings'} of ${show(String(seat), 40)} ${b === undefined ? 'was' : 'were'} refused: ${statuses}${saidIn(first.reply, show)}. If it is not free, put one that is free last in --inventories; else mend the request`
      : `the first booking was refused (${a.status}${saidIn(first.reply, show)}) and the second was not (${b?.status}), so nobody can say which is which: try again with a free one last in --inventories`,
  };
}

/** A difference that says so little proves no refusal where both answers name an order. */
const SURE = 75;

/** Both bookings got an order, as far as their answers say. */
function isDoubtful({ evidence, order, otherOrder, readBack }: Scene, { score }: Reading): boolean {
  const answer = readable((evidence.third ?? evidence.second)?.reply);
  if (answer === undefined || looksRefused(answer) || order === undefined || otherOrder === undefined) return false;
  return score < SURE || (readBack?.unitsAfter ?? 0) > 1;
}

const isSameOrder = ({ order, otherOrder }: Scene): boolean => order !== undefined && order.value === otherOrder?.value;

function sameOrder({ evidence, show, order }: Scene): Learnt | Unlearnt {
  const { first, second } = evidence;
  const whose = first.user === second?.user ? 'the same user' : 'another user';
  return {
    problem: 'same-order',
    message:
      `both bookings were told the same order, ${show(order?.value ?? '', 60)}: the API tells ${whose} the same order again. ` +
      'Let another user book the second time: --user name:password, once for each',
    asksFor: 'user',
  };
}

const outcomeOf = ({ success, refusal, orderId, message }: Reading): LearntOutcome => ({
  success,
  refusal,
  ...(orderId !== undefined && { orderId }),
  ...(message !== undefined && { message }),
});

function taught(scene: Scene, outcome: LearntOutcome): Learnt {
  const { evidence, readBack } = scene;
  const wait = settleMsIfSlow(evidence);
  return {
    outcome,
    ...(readBack !== undefined && { readBack: readBackOf(scene, wait) }),
    notes: taughtNotes(scene, outcome),
  };
}

/** A read-back that showed the booking late needs a longer wait than usual. */
const settleMsIfSlow = ({ readBack }: Evidence): number | undefined =>
  readBack !== undefined && readBack.shownAfterMs > 50 ? settleMsFor(readBack.shownAfterMs) : undefined;

const readBackOf = (
  { evidence, readBack }: Scene,
  settleMs: number | undefined,
): Readonly<Record<string, unknown>> => ({
  get: evidence.readBack?.get,
  ...readBack?.rules,
  ...(settleMs !== undefined && { settleMs }),
});

/** Both answers are the same: only what the server holds afterwards can tell. */
function equal(scene: Scene): Learnt | Unlearnt {
  const { evidence, show, order, otherOrder, readBack } = scene;
  const answered = `both bookings were answered alike (${statusesIn(evidence)}${saidIn(evidence.first.reply, show)}), so the answers cannot tell a success from a refusal`;
  if (readBack?.unitsAfter !== undefined && readBack.unitsAfter > 1) {
    return {
      problem: 'sold-twice',
      message: `${show(String(evidence.seat), 40)} was booked twice, one after the other, and ${evidence.readBack?.get} now shows ${readBack.unitsAfter} bookings: either there is more than one to sell, or it is sold twice without any race`,
    };
  }
  const isTwice = order !== undefined && otherOrder !== undefined && order.value !== otherOrder.value;
  const orders = isTwice ? `; they gave two orders, ${show(order.value, 40)} and ${show(otherOrder.value, 40)}` : '';
  if (readBack?.counts !== true) {
    const why =
      evidence.readBack === undefined
        ? 'name a page that lists the bookings'
        : readBack === undefined
          ? `${evidence.readBack.get} did not change in a way that can be read: name one that lists the bookings`
          : `${evidence.readBack.get} says only taken or free, which cannot show a second sale: name one that lists the bookings`;
    return {
      problem: 'equal',
      message: `${answered}${orders}: ${why}, --read-back '/seats/{seat}/orders'`,
      asksFor: 'read-back',
    };
  }
  return {
    rule: 'state',
    ...(order !== undefined && { outcome: { orderId: order.where } }),
    readBack: readBackOf(scene, settleMsIfSlow(evidence)),
    notes: equalNotes(scene),
  };
}

const statusesIn = ({ first, second }: Evidence): string =>
  [...new Set([readable(first.reply)?.status, readable(second?.reply)?.status])].join(' and ');

/** 202: the answer comes later, from a status page or from the read-back. */
function accepted(scene: Scene): Learnt | Unlearnt {
  const { evidence, hints, order, readBack } = scene;
  const settled = evidence.status && settledBy(evidence, evidence.status, hints);
  if (settled !== undefined) {
    return {
      ...settled,
      ...(readBack !== undefined && { readBack: readBackOf(scene, settleMsIfSlow(evidence)) }),
      notes: settledNotes(scene, settled.outcome, settled.settles),
    };
  }
  const named = readBack?.rules.orderIds !== undefined && order !== undefined;
  if (evidence.readBack === undefined || readBack === undefined || !(named || readBack.counts)) {
    const why =
      evidence.readBack === undefined
        ? 'it names no page that says how it went on'
        : `${evidence.readBack.get} does not show who got it`;
    return {
      problem: 'undecided',
      message: `the booking was accepted (202), and ${why}: name a page that lists the bookings, --read-back '/seats/{seat}/orders'`,
      asksFor: 'read-back',
    };
  }
  const settleMs = settleMsFor(evidence.readBack.shownAfterMs);
  const refusal = outrightRefusal(scene);
  const outcome = { ...refusal, ...(order !== undefined && { orderId: order.where }) };
  return {
    ...(Object.keys(outcome).length > 0 && { outcome }),
    ...(!named && { rule: 'state' as const }),
    readBack: readBackOf(scene, settleMs),
    notes: awaitedNotes(scene, settleMs),
  };
}

/** The second booking was refused at once, not accepted. */
function outrightRefusal({ evidence, hints }: Scene): LearntOutcome {
  const [a, b] = [readable(evidence.first.reply), readable(evidence.second?.reply)];
  if (a === undefined || b === undefined || b.status === 202) return {};
  const reading = readingOf({ success: a, refusal: b, hints });
  if (reading === undefined) return {};
  return { refusal: reading.refusal, ...(reading.message !== undefined && { message: reading.message }) };
}
