import { hasStatus, type ReadBack } from '../../../model/index.ts';
import { type ReadableAnswer, readAnswer, type WireReply } from './answer.ts';
import { type Conditions, compileCondition } from './condition.ts';
import { type Extractor, extractor, isText } from './extractor.ts';
import { type Blotter, createBlotter } from './secrets/index.ts';

/** How the answer to "who owns it?" is read. */
export interface ReadBackRules {
  readonly taken: Conditions;
  readonly free: Conditions;
  /** How many units are booked: a number, or a list with one entry for each. It replaces `taken` and `free`. */
  readonly units?: Extractor | undefined;
  /** The ids of the bookings. */
  readonly orderIds: Extractor;
}

/** As many as there can be contenders. */
const MAX_ORDER_IDS = 20_000;
/** A list of everything may be long, and the race is over by then. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

interface Read {
  readonly units: number;
  readonly orderIds: readonly string[];
  readonly counts?: false;
}
interface Unreadable {
  readonly error: string;
}

/**
 * Makes the function that reads what the server says about an inventory. An answer is unreadable, and leaves doubts
 * standing, where it proves neither "taken" nor "free", or both; where its status is not 2xx, unless a condition names it
 * (404 may mean "free"); and where the id of an order cannot be read, because nobody knows how many orders there are then.
 */
export function readBackReader(
  rules: ReadBackRules,
  blotter: Blotter = createBlotter(),
): (inventory: string, when: ReadBack['when'], reply: WireReply) => ReadBack {
  const orderIdsOf = orderIdsReader(rules.orderIds, blotter);
  const countOf = rules.units === undefined ? conditionReader(rules) : unitsReader(rules.units);
  const named = rules.units === undefined ? [rules.taken, rules.free].flat().flatMap(({ status }) => status ?? []) : [];

  const find = (reply: WireReply): Read | Unreadable => {
    if (reply.kind !== 'complete') return { error: `${reply.failure}: ${reply.error}`.slice(0, 200) };
    if (!hasStatus(['200-299', ...named], reply.status)) return { error: `status ${reply.status}` };
    const answer = readAnswer(reply, MAX_UNPACKED_BYTES);
    if (answer.lost !== undefined) return { error: answer.lost };
    if (reply.status < 300 && !answer.isSound) return { error: 'the answer is a page, or was cut short' };
    const ids = orderIdsOf(answer);
    return 'error' in ids ? ids : countOf(answer, ids.orderIds);
  };
  return (key, when, reply) => {
    const inventory = blotter.id(key);
    const found = find(reply);
    return 'error' in found
      ? { inventory, when, kind: 'unreadable', error: blotter.text(found.error) }
      : { inventory, when, kind: 'read', ...found };
  };
}

function orderIdsReader(
  where: Extractor,
  blotter: Blotter,
): (answer: ReadableAnswer) => Pick<Read, 'orderIds'> | Unreadable {
  const select = extractor(where);
  return (answer) => {
    const selected = select(answer).filter((id) => id !== null && id !== '');
    if (!selected.every(isText)) return { error: 'the ids of the orders are not text: correct the path of orderIds' };
    if (selected.length > MAX_ORDER_IDS) return { error: `the answer names more than ${MAX_ORDER_IDS} orders` };
    return { orderIds: selected.map((id) => blotter.id(String(id))) };
  };
}

type Count = (answer: ReadableAnswer, orderIds: readonly string[]) => Read | Unreadable;

function unitsReader(where: Extractor): Count {
  const select = extractor(where);
  return (answer, orderIds) => {
    const units = unitsIn(select(answer));
    return units === undefined ? { error: 'the answer names no number of units' } : { units, orderIds };
  };
}

function unitsIn([value]: readonly unknown[]): number | undefined {
  if (Array.isArray(value)) return value.length;
  return isText(value) && /^\d{1,15}$/.test(String(value)) ? Number(value) : undefined;
}

function conditionReader(rules: ReadBackRules): Count {
  const isTaken = compileCondition(rules.taken);
  const isFree = compileCondition(rules.free);
  // Shows the conditions, not the answer: that may hold anything, also a secret.
  const expected = `taken ${JSON.stringify(rules.taken)} and free ${JSON.stringify(rules.free)}`.slice(0, 200);
  return (answer, orderIds) => {
    const taken = isTaken(answer);
    const free = isFree(answer);
    if (taken === free) return { error: `the answer says ${taken ? 'both' : 'neither'}: ${expected}` };
    if (free && orderIds.length > 0) return { error: 'the answer says free, and names orders' };
    // "Taken" may be one unit of many, and "free" may mean that some are left.
    if (orderIds.length === 0) return { units: taken ? 1 : 0, orderIds, counts: false };
    return { units: orderIds.length, orderIds };
  };
}
